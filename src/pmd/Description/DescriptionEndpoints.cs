using System.Text.Json;
using Pm.Daemon.Answers;
using Pm.Daemon.Routing;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Description;

/// <summary>What the server says of itself and of a repository, so that a client needs nothing but a URL.</summary>
static class DescriptionEndpoints
{
    /// <summary><c>GET /.well-known/pm</c></summary>
    public static void MapServerDescription(this IEndpointRouteBuilder server) => server.MapRead("/.well-known/pm", DescribeServerAsync);

    /// <summary><c>GET BASE/config.json</c></summary>
    public static void MapRepositoryDescription(this IEndpointRouteBuilder repository) => repository.MapRead("config.json", FuchsiaDescription.WriteAsync);

    static Task DescribeServerAsync(HttpContext context)
    {
        var repositories = context.RequestServices.GetRequiredService<RepositorySet>();
        return JsonAnswer.WriteAsync(context, "server", json =>
        {
            json.WriteStartObject();
            json.WriteString("version"u8, Product.Version);
            json.WriteStartArray("repositories"u8);
            foreach (var repository in repositories.All)
            {
                Write(json, repository);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    static void Write(Utf8JsonWriter json, ServedRepository repository)
    {
        json.WriteStartObject();
        json.WriteString("namespace"u8, repository.Namespace);
        if (View(repository) is { } view)
        {
            json.WriteString("fingerprint"u8, view.Fingerprint.ToString());
            json.WriteNumber("packages"u8, view.Index.VersionCount);
            json.WriteString("expires"u8, view.Expires.UtcDateTime);
        }

        json.WriteEndObject();
    }

    /// <summary>Null while it cannot be read: the others are described all the same.</summary>
    static RepositoryView? View(ServedRepository repository)
    {
        try
        {
            return repository.View;
        }
        catch (Exception error) when (error is RepositoryException or Pm.Linux.SystemCallException)
        {
            return null;
        }
    }
}
