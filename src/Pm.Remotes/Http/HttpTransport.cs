using System.Net;
using Pm.Codecs;

namespace Pm.Remotes.Http;

/// <summary>
/// The connections of a run. It follows redirects by <see cref="RedirectRule"/>, keeps no cookie, and decompresses nothing.
/// </summary>
sealed class HttpTransport : IDisposable
{
    const int MaximumHeaderKilobytes = 32;
    const int MaximumDrain = 64 * 1024;

    readonly Dialer _dialer;
    readonly HttpMessageInvoker _direct;

    /// <summary>For places that a stranger named: what was connected without looking is not used for them.</summary>
    readonly Lazy<HttpMessageInvoker> _guarded;

    public HttpTransport(HttpSettings settings)
    {
        Settings = settings;
        _dialer = new Dialer(settings);
        _direct = Invoker(refusesLocal: false);
        _guarded = new Lazy<HttpMessageInvoker>(() => Invoker(refusesLocal: true));
    }

    public HttpSettings Settings { get; }

    /// <summary>Sends a GET and waits for the headers of the answer; the body is read by the caller, who disposes it.</summary>
    /// <exception cref="RemoteException">PM6003: no answer; PM6014: a redirect was refused.</exception>
    public async Task<HttpAnswer> GetAsync(HttpCall call, CancellationToken cancellationToken)
    {
        var url = call.Url;
        var isGuarded = false;
        for (var hop = 0; ; hop++)
        {
            using var request = call.To(url, Settings.UserAgent);
            using var patience = new Patience(Settings.AnswerTimeout, Settings.Time);
            var response = await SendAsync(isGuarded ? _guarded.Value : _direct, request, patience, cancellationToken);
            if (!RedirectRule.IsRedirect(response.StatusCode))
            {
                return new HttpAnswer(url, response);
            }

            using var _ = response;
            if (hop == RedirectRule.Limit)
            {
                throw RedirectRule.Refused(call.Url, $"more than {RedirectRule.Limit} of them, the last from {url.AbsoluteUri}");
            }

            var next = RedirectRule.Next(url, Location(response));
            isGuarded |= !IsLocal(url);
            RequireOutside(url, next, isGuarded);
            url = next;
        }
    }

    /// <summary>Sends a request once and to nobody else: what it carries is for this server alone. Any answer is one.</summary>
    /// <param name="request">Is disposed by the caller.</param>
    /// <param name="patience">Ends when the server keeps it waiting too long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RemoteException">PM6003: no answer.</exception>
    public Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, Patience patience, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version11;
        request.Headers.TryAddWithoutValidation("User-Agent", Settings.UserAgent);
        return SendAsync(_direct, request, patience, cancellationToken);
    }

    /// <summary>As <see cref="SendOnceAsync"/>, to a place that a server named: it may not be on this machine or its link where the server is not.</summary>
    /// <exception cref="RemoteException">PM6003: no answer; PM6014: it may not be asked.</exception>
    public Task<HttpResponseMessage> SendForeignAsync(Uri namedBy, HttpRequestMessage request, Patience patience, CancellationToken cancellationToken)
    {
        var isGuarded = !IsLocal(namedBy);
        RequireOutside(namedBy, request.RequestUri!, isGuarded);
        request.Version = HttpVersion.Version11;
        request.Headers.TryAddWithoutValidation("User-Agent", Settings.UserAgent);
        return SendAsync(isGuarded ? _guarded.Value : _direct, request, patience, cancellationToken);
    }

    public void Dispose()
    {
        _direct.Dispose();
        if (_guarded.IsValueCreated)
        {
            _guarded.Value.Dispose();
        }
    }

    async Task<HttpResponseMessage> SendAsync(
        HttpMessageInvoker invoker, HttpRequestMessage request, Patience patience, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        Settings.RequireOnline(url);
        if (url.Scheme == Uri.UriSchemeHttps || Settings.Proxies.For(url)?.Url.Scheme == Uri.UriSchemeHttps)
        {
            RuntimeCryptography.Require();
        }

        var start = Settings.Time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Over, cancellationToken);
        try
        {
            var response = await invoker.SendAsync(request, either.Token);
            Settings.Trace?.Invoke(Line(request, response, Settings.Time.GetElapsedTime(start)));
            return response;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RemoteException("PM6003", $"{url.AbsoluteUri}: no answer within {patience.Time.TotalSeconds:0.###} seconds", HttpFailure.Way(url), e)
            {
                IsTransient = true,
            };
        }
        catch (HttpRequestException e)
        {
            throw HttpFailure.Of(url, e, Settings.Proxies.For(url));
        }
    }

    HttpMessageInvoker Invoker(bool refusesLocal) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = (context, token) => _dialer.DialAsync(
            context.DnsEndPoint, refusesLocal && !Settings.Proxies.IsProxy(context.DnsEndPoint), token),
        ConnectTimeout = Settings.ConnectTimeout + Settings.AnswerTimeout,
        MaxResponseDrainSize = MaximumDrain,
        MaxResponseHeadersLength = MaximumHeaderKilobytes,
        Proxy = new ProxyAdapter(Settings.Proxies),
        SslOptions = CertificateJudge.Options(Settings),
        UseCookies = false,
        UseProxy = true,
    });

    static string Line(HttpRequestMessage request, HttpResponseMessage response, TimeSpan time)
    {
        var range = request.Headers.Range is { } wanted ? $" {wanted}" : "";
        var length = response.Content.Headers.ContentLength is { } bytes ? $", {bytes} bytes" : "";
        return $"{request.Method} {request.RequestUri!.AbsoluteUri}{range}: {(int)response.StatusCode}{length}, {time.TotalMilliseconds:0} ms";
    }

    /// <summary>The text as it came: what Uri makes of it comes later.</summary>
    static string? Location(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;

    /// <summary>Behind a proxy nobody here dials the host itself, so only its text can tell.</summary>
    bool IsLocal(Uri url) => Settings.Proxies.For(url) is null ? _dialer.IsLocal(url.IdnHost) ?? LocalAddress.Is(url) : LocalAddress.Is(url);

    static void RequireOutside(Uri from, Uri next, bool isGuarded)
    {
        if (isGuarded && LocalAddress.Is(next))
        {
            throw RedirectRule.Refused(from, $"it leads to {next.Host}, on this machine or its link");
        }
    }
}
