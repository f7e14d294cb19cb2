using Pm.Daemon.Answers;

namespace Pm.Daemon.Pages;

/// <summary>Answers a request with a page, or with the same value as JSON.</summary>
static class PageAnswer
{
    public static async Task WriteAsync(HttpContext context, Page page)
    {
        PageHeaders.Add(context.Response.Headers);
        context.Response.Headers.Vary = "Accept";
        if (PageFormat.IsJson(context.Request))
        {
            await (page.Status == StatusCodes.Status200OK
                ? JsonAnswer.WriteAsync(context, page.Kind, page.WriteTo)
                : JsonAnswer.WritePrivateAsync(context, page.Status, page.Kind, page.WriteTo));
            return;
        }

        context.Response.StatusCode = page.Status;
        var frame = new PageFrame(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), PageFormat.TwinUrl(context.Request));
        var html = await context.RequestServices.GetRequiredService<PageRenderer>().RenderAsync(page, frame);
        await TaggedAnswer.WriteAsync(context, html, "text/html; charset=utf-8");
    }
}
