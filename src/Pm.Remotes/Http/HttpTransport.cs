using System.Net;

namespace Pm.Remotes.Http;

/// <summary>The connections of a run. Nothing in it follows a redirect, keeps a cookie, or decompresses.</summary>
sealed class HttpTransport : IDisposable
{
    const int MaximumHeaderKilobytes = 32;

    readonly HttpMessageInvoker _invoker;

    public HttpTransport(HttpSettings settings)
    {
        Settings = settings;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaximumHeaderKilobytes,
            UseCookies = false,
            UseProxy = false,
        });
    }

    public HttpSettings Settings { get; }

    /// <summary>Sends a GET and waits for the headers of its answer; the body is read by the caller, who disposes it.</summary>
    /// <exception cref="RemoteException">PM6003: no answer.</exception>
    public async Task<HttpResponseMessage> GetAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        using var limit = new CancellationTokenSource(Settings.AnswerTimeout, Settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        request.Version = HttpVersion.Version11;
        request.Headers.TryAddWithoutValidation("User-Agent", Settings.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        try
        {
            return await _invoker.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException("PM6003", $"{url.AbsoluteUri}: no answer within {Settings.AnswerTimeout.TotalSeconds:0} seconds", inner: e);
        }
        catch (HttpRequestException e)
        {
            throw HttpFailure.Of(url, e);
        }
    }

    public void Dispose() => _invoker.Dispose();
}
