using System.Net;
using System.Net.Http.Headers;

namespace Pm.Remotes.Http;

/// <summary>The headers of an answer, its body yet to be read.</summary>
/// <param name="Url">Who gave it, after all redirects.</param>
/// <param name="Response">To be disposed.</param>
sealed record HttpAnswer(Uri Url, HttpResponseMessage Response) : IDisposable
{
    public HttpStatusCode Status => Response.StatusCode;

    public ContentRangeHeaderValue? Range => Response.Content.Headers.ContentRange;

    /// <summary>Bytes of the whole file, as far as it is said.</summary>
    public long? TotalLength => Range?.Length ?? Response.Content.Headers.ContentLength;

    /// <summary>A strong ETag that can be sent back, else the time of the last change: what If-Range takes (RFC 9110, 13.1.5; its letters: 8.8.3).</summary>
    public string? Validator => Response.Headers.ETag is { IsWeak: false } tag && tag.Tag.All(c => c is > ' ' and <= '~')
        ? tag.Tag
        : Response.Content.Headers.LastModified?.ToString("R");

    /// <summary>Whether it is the part that was asked for: from <paramref name="offset"/> to the end of the file.</summary>
    public bool IsRest(long offset) => Range is { Unit: "bytes", From: { } from, To: { } to, Length: { } length }
        && offset > 0 && from == offset && to == length - 1;

    /// <exception cref="RemoteException">PM6004, PM6012: it is longer than allowed, or in a form that nobody asked for.</exception>
    public void RequirePlain(long maximumLength)
    {
        var headers = Response.Content.Headers;
        if (headers.NonValidated.TryGetValues("Content-Length", out var lengths) && lengths.Distinct().Count() > 1)
        {
            throw Strange($"expected one Content-Length, got {string.Join(" and ", lengths)}");
        }

        if (lengths.Count > 0 && Response.Headers.TransferEncodingChunked == true)
        {
            throw Strange("expected a Content-Length or chunks, got both");
        }

        if (headers.ContentEncoding.Any(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw Strange($"expected the file as it is, got Content-Encoding {string.Join(", ", headers.ContentEncoding)}");
        }

        if (TotalLength > maximumLength)
        {
            throw new RemoteException("PM6004", $"{Url.AbsoluteUri}: expected at most {maximumLength} bytes, got {TotalLength}");
        }
    }

    public void Dispose() => Response.Dispose();

    RemoteException Strange(string what) => new("PM6012", $"{Url.AbsoluteUri}: {Trust.ShownText.Of(what)}");
}
