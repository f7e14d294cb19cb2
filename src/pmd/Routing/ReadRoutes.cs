namespace Pm.Daemon.Routing;

/// <summary>Routes that only read.</summary>
static class ReadRoutes
{
    static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>GET, and HEAD, which gets the same head and whose body the server leaves out.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) =>
        routes.MapMethods(pattern, Methods, answer);
}
