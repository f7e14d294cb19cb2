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
        if (ServerPaths.IsOfServer(path))
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

    /// <summary>The path of a request as its client knows it.</summary>
    public static string PathOf(HttpRequest request) =>
        (request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest) ? request.PathBase + rest : request.PathBase + request.Path).Value ?? "";
}
