using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories.Publishing;

namespace Pm.Daemon.Publishing;

/// <summary>The document of a request, whole.</summary>
static class RequestBody
{
    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } length)
        {
            length.MaxRequestBodySize = RequestDocuments.MaximumLength;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
