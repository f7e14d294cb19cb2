using System.Net;

namespace Pm.Remotes.Http;

/// <summary>
/// Fetches from a repository behind a web server; any static one will do (docs/formats/http.md). Asks once: that it is
/// asked again, or elsewhere, is <see cref="PersistentFetcher"/>'s.
/// </summary>
sealed class HttpFetcher(RemoteUrl url, HttpTransport transport) : IFetcher
{
    public string Location => url.Text;

    public async Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        var file = new Uri($"{url.Text}/{request.EscapedPath ?? RepositoryPath.Checked(request.Path, Location)}");
        return await OpenAsync(file, Location, request, transport, cancellationToken);
    }

    /// <summary>The connections are the run's, and stay for the next.</summary>
    public void Dispose()
    {
    }

    /// <summary>Opens a file by its own URL.</summary>
    public static async Task<FetchedBody?> OpenAsync(
        Uri file, string source, FetchRequest request, HttpTransport transport, CancellationToken cancellationToken)
    {
        var call = new HttpCall(file) { Offset = request.Offset, Validator = request.Validator };
        var answer = await transport.GetAsync(call, cancellationToken);
        try
        {
            switch (answer.Status)
            {
                case HttpStatusCode.NotFound:
                    answer.Dispose();
                    return null;
                case HttpStatusCode.OK:
                    return await BodyAsync(answer, source, request, 0, transport, cancellationToken);
                case HttpStatusCode.PartialContent when answer.IsRest(request.Offset):
                    return await BodyAsync(answer, source, request, request.Offset, transport, cancellationToken);

                // What the caller has is of no use: the file is shorter, or the server cannot give parts.
                case HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent when request.Offset > 0:
                    answer.Dispose();
                    return await OpenAsync(file, source, request with { Offset = 0, Validator = null }, transport, cancellationToken);
                default:
                    throw HttpFailure.Of(answer.Url, answer.Response);
            }
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>The body of an answer that is one, watched and bounded.</summary>
    /// <exception cref="RemoteException">PM6004, PM6012: it is longer than allowed, or in a form that nobody asked for.</exception>
    public static async Task<FetchedBody> BodyAsync(
        HttpAnswer answer, string source, FetchRequest request, long offset, HttpTransport transport, CancellationToken cancellationToken)
    {
        answer.RequirePlain(request.MaximumLength);
        var settings = transport.Settings;
        var watch = new TransferWatch(
            settings.Time, settings.Transfer, settings.Transfer.Deadline(request, answer.TotalLength), request.Waited);
        var body = new HttpBody(answer, await answer.Response.Content.ReadAsStreamAsync(cancellationToken), offset, watch);
        return new FetchedBody(new LimitedStream(body, request.MaximumLength - offset, answer.Url.AbsoluteUri), source)
        {
            Offset = offset,
            Validator = answer.Validator,
            TotalLength = answer.TotalLength,
        };
    }
}
