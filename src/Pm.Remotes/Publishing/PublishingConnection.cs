using System.Net.Http.Headers;
using Pm.Remotes.Http;

namespace Pm.Remotes.Publishing;

/// <summary>Requests with a token to one repository, and to nobody else; again where that is safe and may help.</summary>
sealed class PublishingConnection(RemoteUrl url, string token, HttpSettings settings) : IDisposable
{
    /// <summary>A server that publishes is waited for: others may be before us, and large packages are read whole.</summary>
    static readonly TimeSpan LongWork = TimeSpan.FromMinutes(10);

    readonly HttpTransport _transport = new(settings);

    public RemoteUrl Url => url;

    public HttpSettings Settings => settings;

    /// <summary>What is asked below the repository's base.</summary>
    public Uri Place(string path) => new($"{url.Text}/api/v1/{path}");

    public Patience Patience(bool isLong = false) => new(isLong ? LongWork : settings.AnswerTimeout, settings.Time);

    /// <summary>Sends a request and reads the whole answer, whatever its status.</summary>
    public async Task<(HttpResponseMessage Response, ReadOnlyMemory<byte> Body)> ExchangeAsync(
        HttpMethod method, string path, HttpContent? content, Patience patience, CancellationToken cancellation)
    {
        var place = Place(path);
        using var request = new HttpRequestMessage(method, place) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        // A refusal comes before the body is sent, not instead of it.
        request.Headers.ExpectContinue = content is UploadBody;
        using var response = await _transport.SendOnceAsync(request, patience, cancellation);
        return (response, await ReadAsync(place, response, cancellation));
    }

    /// <summary>As <see cref="ExchangeAsync"/>, where only success is an answer.</summary>
    /// <exception cref="RemoteException">What the server says, or PM6050: it is no pmd.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(
        HttpMethod method, string path, HttpContent? content, bool isLong, CancellationToken cancellation)
    {
        using var patience = Patience(isLong);
        var (response, body) = await ExchangeAsync(method, path, content, patience, cancellation);
        return response.IsSuccessStatusCode ? body : throw ServerRefusal.Of(url, response, body);
    }

    /// <summary>Does what may be done twice until it succeeds, or until it is clear that it will not.</summary>
    /// <param name="attempt">Tries it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="hasGotOn">Whether the last try brought it further: then it counts as the first.</param>
    public Task<T> PersistAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation, Func<bool>? hasGotOn = null) =>
        RetryRule.PersistAsync(settings, attempt, cancellation, hasGotOn);

    public void Dispose() => _transport.Dispose();

    /// <summary>Answers are short: all of one has as much time as its beginning had.</summary>
    async Task<ReadOnlyMemory<byte>> ReadAsync(Uri place, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var patience = Patience();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Over, cancellation);
        try
        {
            using var limited = new LimitedStream(
                await response.Content.ReadAsStreamAsync(either.Token), ServerDocument.MaximumLength, place.AbsoluteUri);
            using var body = new MemoryStream();
            await limited.CopyToAsync(body, either.Token);
            return body.ToArray();
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RemoteException("PM6003", $"{place.AbsoluteUri}: the answer did not end within {patience.Time.TotalSeconds:0.###} seconds", inner: e)
            {
                IsTransient = true,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException and not RemoteException)
        {
            throw HttpFailure.Of(place, e);
        }
    }
}
