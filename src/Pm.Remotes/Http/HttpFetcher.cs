using System.Net;
using System.Net.Http.Headers;

namespace Pm.Remotes.Http;

/// <summary>Fetches from a repository behind a web server; any static one will do (docs/formats/http.md).</summary>
sealed class HttpFetcher(RemoteUrl url, HttpTransport transport) : IFetcher
{
    public string Location => url.Text;

    public async Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        RepositoryPath.Check(request.Path, Location);
        var file = new Uri($"{url.Text}/{string.Join('/', request.Path.Split('/').Select(Uri.EscapeDataString))}");
        return await OpenAsync(file, request, cancellationToken);
    }

    /// <summary>The connections are the run's, and stay for the next.</summary>
    public void Dispose()
    {
    }

    async Task<FetchedBody?> OpenAsync(Uri file, FetchRequest request, CancellationToken cancellationToken)
    {
        using var asked = Asked(file, request);
        var response = await transport.GetAsync(asked, cancellationToken);
        try
        {
            return response.StatusCode switch
            {
                HttpStatusCode.NotFound => Absent(response),
                HttpStatusCode.OK => await BodyAsync(file, request, response, 0, cancellationToken),
                HttpStatusCode.PartialContent when IsRest(request, response.Content.Headers.ContentRange) =>
                    await BodyAsync(file, request, response, request.Offset, cancellationToken),

                // What was there before is of no use: the file is shorter, or the server cannot give parts.
                HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent when request.Offset > 0 =>
                    await StartOverAsync(file, request, response, cancellationToken),
                _ => throw HttpFailure.Of(file, response.StatusCode, response.ReasonPhrase),
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    static HttpRequestMessage Asked(Uri file, FetchRequest request)
    {
        var asked = new HttpRequestMessage(HttpMethod.Get, file);
        if (request.Offset > 0)
        {
            asked.Headers.Range = new RangeHeaderValue(request.Offset, null);
            if (request.Validator is { } validator)
            {
                asked.Headers.TryAddWithoutValidation("If-Range", validator);
            }
        }

        return asked;
    }

    static FetchedBody? Absent(HttpResponseMessage response)
    {
        response.Dispose();
        return null;
    }

    Task<FetchedBody?> StartOverAsync(
        Uri file, FetchRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        response.Dispose();
        return OpenAsync(file, request with { Offset = 0, Validator = null }, cancellationToken);
    }

    /// <summary>Whether a part is the one that was asked for: from the offset to the end of the file.</summary>
    static bool IsRest(FetchRequest request, ContentRangeHeaderValue? range) =>
        request.Offset > 0 && range is { Unit: "bytes", From: { } from, To: { } to, Length: { } length }
        && from == request.Offset && to == length - 1;

    static async Task<FetchedBody?> BodyAsync(
        Uri file, FetchRequest request, HttpResponseMessage response, long offset, CancellationToken cancellationToken)
    {
        var headers = response.Content.Headers;
        var total = headers.ContentRange?.Length ?? headers.ContentLength;
        if (total > request.MaximumLength)
        {
            throw new RemoteException("PM6004", $"{file.AbsoluteUri}: expected at most {request.MaximumLength} bytes, got {total}");
        }

        if (headers.ContentEncoding.Count > 0)
        {
            throw new RemoteException("PM6012",
                $"{file.AbsoluteUri}: expected the file as it is, got Content-Encoding {Trust.ShownText.Of(string.Join(", ", headers.ContentEncoding))}");
        }

        var body = new HttpBody(response, await response.Content.ReadAsStreamAsync(cancellationToken), file);
        return new FetchedBody(new LimitedStream(body, request.MaximumLength - offset, file.AbsoluteUri))
        {
            Offset = offset,
            Validator = Validator(response),
            TotalLength = total,
        };
    }

    /// <summary>A strong ETag, else the time of the last change: what If-Range takes (RFC 9110, 13.1.5).</summary>
    static string? Validator(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag
        ? tag.Tag
        : response.Content.Headers.LastModified?.ToString("R");
}
