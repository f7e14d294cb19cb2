using Pm.Daemon.Routing;
using Pm.Repositories;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Health;

/// <summary>For whoever watches the process: live, it answers; ready, every repository can be read.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapRead("/health/live", context => Say(context, 200, "ok\n"));
        routes.MapRead("/health/ready", context => Ready(context, context.RequestServices.GetRequiredService<RepositorySet>()));
    }

    static Task Ready(HttpContext context, RepositorySet repositories)
    {
        string[] faults = [.. repositories.All.Select(Fault).OfType<string>()];
        return faults.Length == 0 ? Say(context, 200, "ready\n") : Say(context, 503, string.Join('\n', faults) + "\n");
    }

    /// <summary>Names no path: it is for everybody.</summary>
    static string? Fault(ServedRepository repository)
    {
        try
        {
            _ = repository.Version;
            return null;
        }
        catch (Exception error) when (error is RepositoryException or Pm.Linux.SystemCallException)
        {
            return $"/{repository.Namespace}: its timestamp cannot be read";
        }
    }

    static Task Say(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
