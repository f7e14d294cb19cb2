using System.Buffers;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Daemon.Pages;

/// <summary>Answers a request with a page, or with the same value as JSON; 304 where the client has these very bytes.</summary>
static class PageAnswer
{
    const int TagDigits = 32;

    public static async Task WriteAsync(HttpContext context, Page page, int status = StatusCodes.Status200OK)
    {
        PageHeaders.Add(context.Response.Headers);
        context.Response.Headers.Vary = "Accept";
        context.Response.StatusCode = status;
        if (PageFormat.IsJson(context.Request))
        {
            await SendAsync(context, Json(page), "application/json");
            return;
        }

        var frame = new PageFrame(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), PageFormat.TwinUrl(context.Request));
        var html = await context.RequestServices.GetRequiredService<PageRenderer>().RenderAsync(page, frame);
        await SendAsync(context, html, "text/html; charset=utf-8");
    }

    static ReadOnlyMemory<byte> Json(Page page)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("schema"u8, "pm/1");
            json.WriteString("kind"u8, page.Kind);
            json.WritePropertyName("data"u8);
            page.WriteTo(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, string type)
    {
        var response = context.Response;
        var tag = $"\"{Sha256Digest.Of(body.Span).ToString()[..TagDigits]}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "no-cache";
        if (response.StatusCode == StatusCodes.Status200OK && TaggedRequest.Has(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = type;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
