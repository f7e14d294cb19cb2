using Pm.Codecs;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Answers;

/// <summary>Answers whose bytes are made whole before they are sent: their entity tag is their digest.</summary>
static class TaggedAnswer
{
    const int TagDigits = 32;

    /// <summary>Answers with <paramref name="body"/>; 304 where the client has these very bytes.</summary>
    public static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType)
    {
        var tag = $"\"{Sha256Digest.Of(body.Span).ToString()[..TagDigits]}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Response.StatusCode == StatusCodes.Status200OK && IsKnown(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return SendAsync(context, body, contentType);
    }

    /// <summary>Sends the bytes; to who asks for the head alone, only what it would say of them.</summary>
    public static Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>Whether <c>If-None-Match</c> names <paramref name="tag"/>.</summary>
    public static bool IsKnown(HttpRequest request, string tag) => FileAnswer.Decide(
        new FileConditions { IfNoneMatch = request.Headers.IfNoneMatch }, isGet: true, 0, tag, default).Status == StatusCodes.Status304NotModified;
}
