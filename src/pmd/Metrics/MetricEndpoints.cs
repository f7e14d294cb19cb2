using Pm.Daemon.Routing;

namespace Pm.Daemon.Metrics;

/// <summary><c>GET /metrics</c></summary>
static class MetricEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder server) => server.MapRead("/metrics", context =>
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(context.RequestServices.GetRequiredService<MetricSet>().Text(), context.RequestAborted);
    });
}
