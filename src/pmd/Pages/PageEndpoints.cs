using Pm.Daemon.Pages.Assets;
using Pm.Daemon.Pages.Start;

namespace Pm.Daemon.Pages;

/// <summary>What people look at in a browser.</summary>
static class PageEndpoints
{
    static readonly string[] Methods = ["GET", "HEAD"];

    public static void AddPages(this IServiceCollection services) => services
        .AddSingleton(_ => PageRenderer.Encoder())
        .AddSingleton<PageRenderer>();

    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", Methods, (HttpContext context) => PageAnswer.WriteAsync(context, StartPage.Of(context.RequestServices)));
        routes.MapMethods("/assets/{**path}", Methods, AssetAnswer.WriteAsync);
    }
}
