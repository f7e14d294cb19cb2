using System.Net;
using System.Net.Http.Headers;

namespace Pm.Remotes.Http;

/// <summary>A GET, as often as it has to be sent: again, or to where a redirect leads.</summary>
/// <param name="Url">The first place to ask.</param>
sealed record HttpCall(Uri Url)
{
    /// <summary>The first byte that is wanted.</summary>
    public long Offset { get; init; }

    /// <summary>Only while this validator holds.</summary>
    public string? Validator { get; init; }

    /// <summary>Who asks; for the first place only.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>The forms in which an answer is taken; null: any.</summary>
    public string? Accept { get; init; }

    /// <summary>The request to <paramref name="place"/>; credentials do not follow to another one.</summary>
    public HttpRequestMessage To(Uri place, string userAgent)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, place) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (Accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", Accept);
        }

        if (Uri.Compare(Url, place, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
        {
            request.Headers.Authorization = Authorization;
        }

        if (Offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(Offset, null);
            if (Validator is not null)
            {
                request.Headers.TryAddWithoutValidation("If-Range", Validator);
            }
        }

        return request;
    }
}
