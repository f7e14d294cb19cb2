using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pm.Remotes.Http;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Oci;

/// <summary>Requests to one repository of one registry, with the token or the password that it wants. Source: OCI distribution specification 1.1.</summary>
sealed class OciConnection : IFetcher
{
    /// <summary>A registry that takes a large blob reads it whole before it answers.</summary>
    static readonly TimeSpan LongWork = TimeSpan.FromMinutes(10);

    static readonly string[] TokenParameters = ["service", "scope"];

    readonly OciReference _reference;
    readonly HttpSettings _settings;
    readonly Lazy<OciCredentials?> _known;
    readonly HttpTransport _transport;
    readonly PersistentFetcher _blobs;
    readonly Uri _base;
    AuthenticationHeaderValue? _authorization;

    /// <param name="reference">Whose registry and repository.</param>
    /// <param name="settings">How HTTP is spoken.</param>
    /// <param name="credentials">Who pm is at a host; null: nobody.</param>
    /// <param name="allowsPlain">Whether somebody said that the way is safe; to this machine it is.</param>
    public OciConnection(OciReference reference, HttpSettings settings, Func<string, OciCredentials?> credentials, bool allowsPlain)
    {
        (_reference, _settings, _transport) = (reference, settings, new HttpTransport(settings));
        // Once, and only when the registry asks: it may be a program that has to be run, or that asks a person.
        _known = new Lazy<OciCredentials?>(() => credentials(reference.Host));
        var https = new Uri($"https://{reference.Host}/v2/{reference.Repository}/");
        _base = https.IsLoopback || allowsPlain ? new Uri($"http://{reference.Host}/v2/{reference.Repository}/") : https;
        _blobs = new PersistentFetcher([this], settings);
    }

    public string Location => _base.AbsoluteUri.TrimEnd('/');

    /// <summary>Of the repository.</summary>
    public Uri Place(string path) => new(_base, path);

    /// <summary>Reads what is not large; null: it is not there.</summary>
    /// <exception cref="RemoteException">PM6061: not without credentials; else it cannot be reached, or is longer.</exception>
    public Task<byte[]?> ReadAsync(string path, string accept, int limit, CancellationToken cancellation) => RetryRule.PersistAsync(
        _settings,
        async () =>
        {
            using var body = (await OpenOnceAsync(new FetchRequest(path, limit), accept, cancellation))?.Content;
            if (body is null)
            {
                return null;
            }

            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, cancellation);
            return bytes.ToArray();
        },
        cancellation);

    /// <summary>Opens a blob. Where the answer breaks off, it goes on: its digest tells in the end that the parts are one.</summary>
    /// <exception cref="RemoteException">PM6061: not without credentials; PM6062: it is not there; else it cannot be reached, or is longer.</exception>
    public async Task<Stream> OpenBlobAsync(OciDescriptor blob, CancellationToken cancellation) =>
        (await _blobs.OpenAsync(new FetchRequest($"blobs/sha256:{blob.Digest}", blob.Size), cancellation))?.Content
            ?? throw new RemoteException("PM6062", $"{_reference}: the registry has the manifest, and not the blob sha256:{blob.Digest} that it names");

    /// <summary>Sends a request that changes something, and that may be made twice.</summary>
    /// <param name="method">PUT, POST, HEAD.</param>
    /// <param name="url">Of this registry.</param>
    /// <param name="content">Makes the body, each time that it is sent.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">PM6061, PM6066: the registry refuses it.</exception>
    public Task<OciAnswer> SendAsync(HttpMethod method, Uri url, Func<Patience, HttpContent?> content, CancellationToken cancellation) =>
        RetryRule.PersistAsync(_settings, () => SendOnceAsync(method, url, content, cancellation), cancellation);

    public void Dispose() => _transport.Dispose();

    Task<FetchedBody?> IFetcher.OpenAsync(FetchRequest request, CancellationToken cancellationToken) => OpenOnceAsync(request, "*/*", cancellationToken);

    async Task<FetchedBody?> OpenOnceAsync(FetchRequest request, string accept, CancellationToken cancellation)
    {
        var url = Place(request.Path);
        for (var isAsked = false; ;)
        {
            var call = new HttpCall(url) { Accept = accept, Authorization = _authorization, Offset = request.Offset, Validator = request.Validator };
            var answer = await _transport.GetAsync(call, cancellation);
            try
            {
                switch (answer.Status)
                {
                    case HttpStatusCode.OK:
                        return await HttpFetcher.BodyAsync(answer, Location, request, 0, _transport, cancellation);
                    case HttpStatusCode.PartialContent when answer.IsRest(request.Offset):
                        return await HttpFetcher.BodyAsync(answer, Location, request, request.Offset, _transport, cancellation);
                    case HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PartialContent when request.Offset > 0:
                        request = request with { Offset = 0, Validator = null };
                        answer.Dispose();
                        break;
                    case HttpStatusCode.NotFound:
                        answer.Dispose();
                        return null;
                    case HttpStatusCode.Unauthorized when !IsOfRegistry(answer.Url):
                        throw new RemoteException("PM6065", $"{_reference}: {Trust.ShownText.Of(answer.Url.GetLeftPart(UriPartial.Authority))}, where the registry leads, wants to know who asks, and a password is for the registry alone");
                    case HttpStatusCode.Unauthorized when !isAsked:
                        isAsked = true;
                        await AuthorizeAsync(answer.Response, cancellation);
                        answer.Dispose();
                        break;
                    case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                        throw Refused(answer.Status);
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
    }

    async Task<OciAnswer> SendOnceAsync(HttpMethod method, Uri url, Func<Patience, HttpContent?> content, CancellationToken cancellation)
    {
        for (var isAsked = false; ; isAsked = true)
        {
            using var patience = new Patience(LongWork, _settings.Time);
            using var request = new HttpRequestMessage(method, url) { Content = content(patience) };
            request.Headers.Authorization = _authorization;
            using var response = await _transport.SendOnceAsync(request, patience, cancellation);
            switch (response.StatusCode)
            {
                case HttpStatusCode.Unauthorized when !isAsked:
                    await AuthorizeAsync(response, cancellation);
                    break;
                case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                    throw Refused(response.StatusCode);
                case var status when IsTaken(method, status):
                    return OciAnswer.Of(response);
                case var status when RetryRule.IsTransient(status):
                    throw HttpFailure.Of(url, response);
                default:
                    throw new RemoteException("PM6066", $"{_reference}: the registry does not take it: {(int)response.StatusCode} {Trust.ShownText.Of(await ReasonAsync(url, response, cancellation))}");
            }
        }
    }

    /// <summary>A page that somebody on the way puts before everything says 200, which no registry does. Source: OCI distribution specification 1.1, "Pushing blobs", "Pushing manifests".</summary>
    static bool IsTaken(HttpMethod method, HttpStatusCode status) =>
        method == HttpMethod.Head ? status is HttpStatusCode.OK or HttpStatusCode.NotFound || IsRedirect(status)
        : method == HttpMethod.Post ? status is HttpStatusCode.Accepted
        : status is HttpStatusCode.Created;

    /// <summary>Registries that keep blobs elsewhere lead there for the question, too, whether they have one.</summary>
    static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Where a registry leads, another asks: who answers him with what is for the registry, gives it away. Source: CVE-2020-15157.</summary>
    bool IsOfRegistry(Uri url) => Uri.Compare(url, _base, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>What the registry says of a refusal; it need not say anything.</summary>
    async Task<string> ReasonAsync(Uri url, HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            var bytes = await ReadBodyAsync(url, response, cancellation);
            var fields = new JsonFields(StrictJson.Parse(bytes, OciLimits.Token, "answer"), "answer");
            return string.Join("; ", fields.Array("errors").Select(e => new JsonFields(e, "errors")).Select(e => $"{e.FindText("code")} {e.FindText("message")}".Trim()));
        }
        catch (Exception e) when (e is MetadataException or RemoteException)
        {
            return response.ReasonPhrase ?? "";
        }
    }

    /// <summary>Becomes who the registry wants to be asked by.</summary>
    async Task AuthorizeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var wanted = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? OciChallenge.Parse(values) : null;
        var known = _known.Value;
        _authorization = wanted switch
        {
            null => throw Refused(response.StatusCode),
            { IsBearer: true } => new AuthenticationHeaderValue("Bearer", await TokenAsync(wanted, known, cancellation)),
            _ => known is null or { IsToken: true } ? throw Refused(response.StatusCode) : Basic(known),
        };
    }

    async Task<string> TokenAsync(OciChallenge challenge, OciCredentials? known, CancellationToken cancellation)
    {
        using var request = TokenRequest(challenge, known);
        var url = request.RequestUri!;
        using var patience = new Patience(_settings.AnswerTimeout, _settings.Time);
        using var response = await _transport.SendForeignAsync(_base, request, patience, cancellation);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw Refused(response.StatusCode);
        }

        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw HttpFailure.Of(url, response);
        }

        try
        {
            var fields = new JsonFields(StrictJson.Parse(await ReadBodyAsync(url, response, cancellation), OciLimits.Token, "token"), "token");
            var token = fields.FindText("token") ?? fields.Text("access_token");
            return token.All(c => c is > ' ' and <= '~') && token.Length > 0 ? token : throw new MetadataException("token: expected printable ASCII");
        }
        catch (MetadataException e)
        {
            throw new RemoteException("PM6063", $"{url.GetLeftPart(UriPartial.Path)}: not the answer of a registry: {e.Message}", inner: e);
        }
    }

    /// <summary>By name and password in the header, or by the identity token in a form. Source: the distribution project's "token authentication" and "OAuth2 token authentication".</summary>
    HttpRequestMessage TokenRequest(OciChallenge challenge, OciCredentials? known)
    {
        var (url, wanted) = (TokenUrl(challenge), TokenParameters.Where(challenge.Parameters.ContainsKey).Select(name => KeyValuePair.Create(name, challenge.Parameters[name])));
        if (known is { IsToken: true })
        {
            KeyValuePair<string, string>[] form = [new("grant_type", "refresh_token"), .. wanted, new("client_id", "pm"), new("refresh_token", known.Password)];
            return new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        }

        var query = new StringBuilder(url.Query.TrimStart('?'));
        foreach (var (name, value) in wanted)
        {
            query.Append(query.Length > 0 ? "&" : "").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(url) { Query = query.ToString() }.Uri);
        request.Headers.Authorization = known is null ? null : Basic(known);
        return request;
    }

    /// <summary>Where tokens are to be had. A registry over TLS may not lead to a place without.</summary>
    Uri TokenUrl(OciChallenge challenge) =>
        challenge.Parameters.TryGetValue("realm", out var realm) && Uri.TryCreate(realm, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Host.Length > 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && _base.Scheme == Uri.UriSchemeHttp))
            ? new UriBuilder(url) { Fragment = "" }.Uri
            : throw new RemoteException("PM6065", $"{_reference}: no token is fetched from `{Trust.ShownText.Of(realm ?? "")}`, which the registry names");

    /// <summary>What is short: bounded in length and time, and as HTTP has it.</summary>
    async Task<byte[]> ReadBodyAsync(Uri url, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var answer = new HttpAnswer(url, response);
        var request = new FetchRequest(url.AbsolutePath, OciLimits.Token) { LongestTime = _settings.AnswerTimeout };
        using var content = (await HttpFetcher.BodyAsync(answer, Location, request, 0, _transport, cancellation)).Content;
        using var body = new MemoryStream();
        await content.CopyToAsync(body, cancellation);
        return body.ToArray();
    }

    RemoteException Refused(HttpStatusCode status) => new(
        "PM6061", $"{_reference}: the registry does not let {(_known is { IsValueCreated: true, Value: { } known } ? Trust.ShownText.Of(known.UserName) : "everybody")} do that: {(int)status} {status}",
        $"`docker login {_reference.Host}` keeps a name and a password, and pm reads them")
    {
        IsForbidden = true,
    };

    static AuthenticationHeaderValue Basic(OciCredentials known) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{known.UserName}:{known.Password}")));
}
