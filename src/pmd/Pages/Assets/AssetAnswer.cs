using Pm.Daemon.Answers;

namespace Pm.Daemon.Pages.Assets;

/// <summary>Answers requests for the style sheet and the icon.</summary>
static class AssetAnswer
{
    public static Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        PageHeaders.Add(response.Headers);
        if (Asset.All.FirstOrDefault(asset => context.Request.Path == asset.Url) is not { } found)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var tag = $"\"{found.Digest}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (TaggedAnswer.IsKnown(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = found.ContentType;
        response.ContentLength = found.Content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(found.Content, context.RequestAborted).AsTask();
    }
}
