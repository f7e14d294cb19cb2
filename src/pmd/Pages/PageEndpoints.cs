using Pm.Daemon.Answers;
using Pm.Daemon.Pages.Assets;
using Pm.Daemon.Pages.Packages;
using Pm.Daemon.Pages.Repositories;
using Pm.Daemon.Pages.Search;
using Pm.Daemon.Pages.Start;
using Pm.Daemon.Routing;
using Pm.Repositories.Browsing;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>What people look at in a browser.</summary>
static class PageEndpoints
{
    public static void AddPages(this IServiceCollection services) => services
        .AddSingleton(_ => PageRenderer.Encoder())
        .AddSingleton<PageRenderer>()
        .AddSingleton(_ => new OpenedPackages());

    public static void MapPages(this IEndpointRouteBuilder server)
    {
        server.MapRead("/", context => PageAnswer.WriteAsync(context, StartPage.Of(context)));
        server.MapRead("/search", context => PageAnswer.WriteAsync(context, SearchPage.Of(context)));
        server.MapRead("/r/{**path}", RepositoryAsync);
        server.MapRead("/p/{**path}", PackageRequest.AnswerAsync);
        server.MapRead("/assets/{**path}", AssetAnswer.WriteAsync);
    }

    /// <summary>The base of a repository has no file: who opens it in a browser gets to its page.</summary>
    public static void MapRepositoryBase(this IEndpointRouteBuilder repository) => repository.MapRead("", context =>
    {
        context.Response.Redirect(PageUrls.Repository(context.Repository().Namespace));
        return Task.CompletedTask;
    });

    static Task RepositoryAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["path"] ?? "";
        return context.RequestServices.GetRequiredService<RepositorySet>().Find(name) is { } repository
            ? PageAnswer.WriteAsync(context, RepositoryPage.Of(context, repository))
            : ErrorAnswers.NothingAsync(context);
    }
}
