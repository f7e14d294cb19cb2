using Microsoft.AspNetCore.Http.Features;
using Pm.Daemon.Answers;
using Pm.Daemon.Logging;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Routing;

/// <summary>
/// Finds the repository that a request lies in, before the routes are looked at: endpoints of repositories are mapped
/// once, whatever namespaces there are.
/// </summary>
sealed class RepositoryRouting(RequestDelegate next, RepositorySet repositories, ClientAddress addresses)
{
    /// <summary>Stands for a repository's base in the routes. No request can name it: no namespace begins so.</summary>
    public const string Prefix = "/~repository";

    /// <summary>First parts that are the server's own. Source: docs/formats/http.md.</summary>
    static readonly string[] OfServer = ["", "health", "metrics", ".well-known", "assets", "search", "p", "r"];

    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RequestPath.Decode(target) is not { } path)
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "PM5207", "this path is refused: no file has such a name");
        }

        if (addresses.IsFromTrustedProxy(context.Features) && context.Request.Headers["X-Forwarded-Proto"].ToString() is ("http" or "https") and var scheme)
        {
            context.Request.Scheme = scheme;
        }

        context.Request.Path = "/" + path;
        if (IsOfServer(path))
        {
            return next(context);
        }

        if (repositories.Resolve(path, out var rest) is not { } repository)
        {
            return ErrorAnswers.NothingAsync(context);
        }

        context.Features.Set(repository);
        context.Request.Path = $"{Prefix}/{rest}";
        context.Request.PathBase = repository.Namespace.Length == 0 ? "" : $"/{repository.Namespace}";
        return next(context);
    }

    /// <summary>Whether the path of a request belongs to the server, not to a repository.</summary>
    public static bool IsOfServer(ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        var first = slash < 0 ? path : path[..slash];
        foreach (var word in OfServer)
        {
            if (first.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
