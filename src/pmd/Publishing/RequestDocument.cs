using Microsoft.AspNetCore.Http.Features;
using Pm.Repositories;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Daemon.Publishing;

/// <summary>The JSON body of a request, read as strictly as signed metadata.</summary>
static class RequestDocument
{
    /// <summary>In bytes: a thousand uploads with their names.</summary>
    public const int MaximumLength = 512 * 1024;

    /// <exception cref="RepositoryException">PM5039: it is not such a document.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context, Func<JsonFields, T> read)
    {
        var length = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (length is { IsReadOnly: false })
        {
            length.MaxRequestBodySize = MaximumLength;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return Parse(body.ToArray(), read);
    }

    /// <exception cref="RepositoryException">PM5039: it is not such a document.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, Func<JsonFields, T> read)
    {
        try
        {
            return read(new JsonFields(StrictJson.Parse(bytes, MaximumLength, "the request"), "the request"));
        }
        catch (TrustException error)
        {
            throw new RepositoryException("PM5039", error.Message, inner: error);
        }
    }
}
