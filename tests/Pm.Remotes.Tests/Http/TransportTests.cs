using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pm.Remotes.Http;
using Pm.Repositories.Tests;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Http;

/// <summary>The way to a server: redirects, proxies, certificates.</summary>
public sealed class TransportTests : IAsyncDisposable
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>Outside for these tests; 127.0.0.1 is inside.</summary>
    const string Outside = "127.0.0.2";

    readonly List<IAsyncDisposable> _servers = [];
    readonly TemporaryDirectory _directory = new();
    readonly SampleAuthority _authority = new(Now);
    readonly HttpSettings _settings;

    public TransportTests()
    {
        File.WriteAllText(_directory["ca.pem"], _authority.Pem);
        _settings = new HttpSettings
        {
            Attempts = 1,
            IsLocal = address => address.Equals(IPAddress.Loopback),
            Resolve = (host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(host is "outside.test" ? Outside : "127.0.0.1")]),
        };
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _authority.Dispose();
        _directory.Dispose();
    }

    // Redirects.

    [Fact]
    public async Task The_content_comes_from_where_redirects_lead_and_from_nowhere_else()
    {
        var there = Serve(new LyingServer("moved/x", "content"u8.ToArray()));
        var server = Serve(new LyingServer(_ => null));
        server.LieAlways = Lies.RedirectTo(a => $"{there.Url}/moved/{a.Request.Path}");

        Assert.Equal("content", await FetchAsync(_settings, $"{server.Url}/x"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("inside.test")]
    [InlineData("localhost")]
    public async Task A_host_outside_does_not_lead_to_this_machine(string host)
    {
        var inside = Serve(new LyingServer("x", "secret"u8.ToArray()));
        var outside = Serve(new LyingServer(_ => null, address: Outside));
        outside.LieAlways = Lies.RedirectTo($"http://{host}:{inside.Port}/x");

        var refused = await RefusedAsync(_settings, $"http://outside.test:{outside.Port}/x");

        Assert.Equal("PM6014", refused.Code);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Nor_by_a_detour_nor_on_a_connection_that_is_open_already()
    {
        var inside = Serve(new LyingServer(path => path == "direct" ? "content"u8.ToArray() : null));
        var outside = Serve(new LyingServer(_ => null, address: Outside));
        outside.Lies["x"] = Lies.RedirectTo("/y");
        outside.Lies["y"] = Lies.RedirectTo($"http://inside.test:{inside.Port}/direct");
        using var transport = new HttpTransport(_settings);
        using var direct = await transport.GetAsync(new HttpCall(new Uri($"http://inside.test:{inside.Port}/direct")), Cancellation);
        Assert.Equal(HttpStatusCode.OK, direct.Status);

        var refused = await Assert.ThrowsAsync<RemoteException>(
            () => transport.GetAsync(new HttpCall(new Uri($"http://outside.test:{outside.Port}/x")), Cancellation));

        Assert.Equal("PM6014", refused.Code);
        Assert.Single(inside.Requests);
    }

    [Fact]
    public async Task This_machine_may_lead_to_itself()
    {
        var there = Serve(new LyingServer("x", "content"u8.ToArray()));
        var server = Serve(new LyingServer(_ => null));
        server.LieAlways = Lies.RedirectTo($"http://inside.test:{there.Port}/x");

        Assert.Equal("content", await FetchAsync(_settings, $"{server.Url}/x"));
    }

    [Fact]
    public async Task Credentials_do_not_follow_to_another_host()
    {
        var there = Serve(new LyingServer("x", "content"u8.ToArray()));
        var server = Serve(new LyingServer(_ => null));
        server.Lies["x"] = Lies.RedirectTo("/y");
        server.Lies["y"] = Lies.RedirectTo($"{there.Url}/x");
        using var transport = new HttpTransport(_settings);
        var call = new HttpCall(new Uri($"{server.Url}/x")) { Authorization = new AuthenticationHeaderValue("Bearer", "secret") };

        using var answer = await transport.GetAsync(call, Cancellation);

        Assert.All(server.Requests, r => Assert.Equal("Bearer secret", r.Headers["authorization"]));
        Assert.DoesNotContain("authorization", Assert.Single(there.Requests).Headers.Keys);
    }

    // Certificates.

    [Fact]
    public async Task The_authorities_of_a_file_are_believed()
    {
        var server = ServeTls(_authority.Issue("127.0.0.1"));

        Assert.Equal("content", await FetchAsync(_settings with { CertificateFile = _directory["ca.pem"] }, $"{server.Url}/x"));
    }

    public static TheoryData<string, string> Certificates => new()
    {
        { "unknown", "it is signed by `Sample Authority`, which leads to no authority that is believed here" },
        { "self", "it is signed by itself only" },
        { "other host", "it is not for `127.0.0.1` but for `other.test`" },
        { "expired", "it expired at " },
        { "early", "it is good from " },
    };

    [Theory]
    [MemberData(nameof(Certificates))]
    public async Task What_is_wrong_with_a_certificate_is_said(string name, string words)
    {
        var server = ServeTls(name switch
        {
            "self" => _authority.Issue("127.0.0.1", isSelfSigned: true),
            "other host" => _authority.Issue("other.test"),
            "expired" => _authority.Issue("127.0.0.1", from: -9, to: -3),
            "early" => _authority.Issue("127.0.0.1", from: 3, to: 9),
            _ => _authority.Issue("127.0.0.1"),
        });
        var settings = name is "unknown" ? _settings : _settings with { CertificateFile = _directory["ca.pem"] };

        var refused = await RefusedAsync(settings, $"{server.Url}/x");

        Assert.Equal("PM6013", refused.Code);
        Assert.StartsWith($"{server.Url}/x: the certificate of 127.0.0.1 was refused: {words}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--ca-file", refused.Hint, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Nobody_is_asked_for_the_certificate_of_an_issuer()
    {
        var named = Serve(new LyingServer("issuer.der", [1]));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [$"{named.Url}/issuer.der"]));
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = request.Create(
            new X500DistinguishedName("CN=Somebody Else"), X509SignatureGenerator.CreateForECDsa(issuer), Now.AddDays(-1), Now.AddDays(1), [1]);
        var server = ServeTls(certificate.CopyWithPrivateKey(key));

        var refused = await RefusedAsync(_settings, $"{server.Url}/x");

        Assert.Equal("PM6013", refused.Code);
        Assert.Empty(named.Requests);
    }

    [Theory]
    [InlineData("nothing.pem", "nothing.pem: no such file")]
    [InlineData("empty.pem", "expected certificates in PEM form, got none")]
    [InlineData("bad.pem", "bad.pem: ")]
    public async Task A_file_of_authorities_that_is_none_is_named(string name, string words)
    {
        File.WriteAllText(_directory["empty.pem"], "");
        File.WriteAllText(_directory["bad.pem"], "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        var refused = await RefusedAsync(_settings with { CertificateFile = _directory[name] }, "https://127.0.0.1:1/x");

        Assert.Equal("PM6015", refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_leads_from_https_to_http()
    {
        var plain = Serve(new LyingServer("x", "content"u8.ToArray()));
        var server = ServeTls(_authority.Issue("127.0.0.1"));
        server.LieAlways = Lies.RedirectTo($"{plain.Url}/x");

        var refused = await RefusedAsync(_settings with { CertificateFile = _directory["ca.pem"] }, $"{server.Url}/x");

        Assert.Equal("PM6014", refused.Code);
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_tls_is_told_apart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var refusing = RefusedAsync(_settings, $"https://127.0.0.1:{port}/x");
        using var client = await listener.AcceptTcpClientAsync(Cancellation);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);

        var refused = await refusing;

        Assert.Equal("PM6003", refused.Code);
        Assert.Equal($"https://127.0.0.1:{port}/x: what answers there does not speak TLS", refused.Message);
        Assert.Equal($"is it http://127.0.0.1:{port}/, or another port?", refused.Hint);
    }

    // Proxies.

    [Fact]
    public async Task A_proxy_leads_to_a_host_that_only_it_knows()
    {
        var server = Serve(new LyingServer("x", "content"u8.ToArray()));
        var proxy = ServeProxy(server.Port);

        Assert.Equal("content", await FetchAsync(Through(proxy), "http://far.test/x"));
        Assert.Equal("GET http://far.test/x HTTP/1.1", Assert.Single(proxy.Requests).Line);
    }

    [Fact]
    public async Task Https_goes_through_a_tunnel_to_the_true_certificate()
    {
        var server = ServeTls(_authority.Issue("far.test"));
        var proxy = ServeProxy(server.Port);
        var settings = Through(proxy) with { CertificateFile = _directory["ca.pem"] };

        Assert.Equal("content", await FetchAsync(settings, "https://far.test/x"));
        Assert.Equal("CONNECT far.test:443 HTTP/1.1", Assert.Single(proxy.Requests).Line);
        Assert.Equal("PM6013", (await RefusedAsync(settings, "https://other.test/x")).Code);
    }

    [Theory]
    [InlineData("http://far.test/x", "PM6011", "expected 200 OK, got 403")]
    [InlineData("https://far.test/x", "PM6003", "403")]
    public async Task A_proxy_that_refuses_is_named(string url, string code, string words)
    {
        var proxy = ServeProxy(1);
        proxy.Refusal = "403 Forbidden";

        var refused = await RefusedAsync(Through(proxy), url);

        Assert.Equal(code, refused.Code);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_for_the_proxy_go_to_the_proxy_alone()
    {
        var server = ServeTls(_authority.Issue("far.test"));
        var proxy = ServeProxy(server.Port);
        proxy.Wanted = "Basic bWU6c2VjcmV0";
        var settings = Through(proxy, "me:secret@") with { CertificateFile = _directory["ca.pem"] };

        Assert.Equal("content", await FetchAsync(settings, "https://far.test/x"));
        Assert.Equal(proxy.Wanted, proxy.Requests.Last().Authorization);
        Assert.DoesNotContain(Assert.Single(server.Requests).Headers.Keys, k => k.Contains("auth", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_behind_a_proxy_does_not_lead_to_this_machine()
    {
        var server = Serve(new LyingServer(_ => null));
        server.LieAlways = Lies.RedirectTo("http://localhost/x");
        var proxy = ServeProxy(server.Port);

        var refused = await RefusedAsync(Through(proxy), "http://far.test/x");

        Assert.Equal("PM6014", refused.Code);
        Assert.Single(proxy.Requests);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Redirects_are_followed_behind_a_proxy_on_this_machine(string scheme)
    {
        var server = Serve(new LyingServer(
            path => path == "y" ? "content"u8.ToArray() : null, scheme == "https" ? _authority.Issue("far.test") : null));
        server.Lies["x"] = Lies.RedirectTo($"{scheme}://far.test/y");
        var proxy = ServeProxy(server.Port);

        Assert.Equal("content", await FetchAsync(Through(proxy) with { CertificateFile = _directory["ca.pem"] }, $"{scheme}://far.test/x"));
    }

    // The probe of doctor.

    [Fact]
    public async Task The_probe_goes_all_steps()
    {
        var server = ServeTls(_authority.Issue("far.test"));
        var proxy = ServeProxy(server.Port);

        var steps = await ConnectionProbe.RunAsync("https://far.test/x", Through(proxy) with { CertificateFile = _directory["ca.pem"] }, Cancellation);

        Assert.Equal(["proxy", "connection", "tunnel", "certificate", "answer"], steps.Select(s => s.Name));
        Assert.All(steps, s => Assert.True(s.IsGood, s.Detail));
        Assert.Equal("200 OK", steps[^1].Detail);
    }

    public static TheoryData<string, string> Obstacles => new()
    {
        { "no proxy there", "connection" }, { "proxy refuses", "tunnel" }, { "unknown authority", "certificate" }, { "404", "answer" }, { "ftp", "url" },
        { "no http", "answer" },
        { "no host", "url" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task The_probe_ends_where_the_way_does(string name, string last)
    {
        var server = ServeTls(_authority.Issue("far.test"));
        var proxy = ServeProxy(server.Port);
        var plain = Serve(new LyingServer(_ => null) { LieAlways = Lies.NoHttpAsync });
        proxy.Refusal = name == "proxy refuses" ? "403 Forbidden" : null;
        var settings = Through(proxy);
        if (name == "no proxy there")
        {
            await proxy.DisposeAsync();
        }

        var steps = await ConnectionProbe.RunAsync(
            name switch { "no http" => $"{plain.Url}/", "ftp" => "ftp://far.test/x", "no host" => "https://\u202e.test/", _ => $"https://far.test/{name}" },
            name == "unknown authority" ? settings : (name == "no http" ? _settings : settings) with { CertificateFile = _directory["ca.pem"] }, Cancellation);

        Assert.Equal(last, steps[^1].Name);
        Assert.False(steps[^1].IsGood);
        Assert.DoesNotContain("pm doctor", steps[^1].Hint ?? "", StringComparison.Ordinal);
        Assert.All(steps.SkipLast(1), s => Assert.True(s.IsGood, s.Detail));
    }

    LyingServer Serve(LyingServer server)
    {
        _servers.Add(server);
        return server;
    }

    LyingServer ServeTls(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        Serve(new LyingServer(path => path == "x" ? "content"u8.ToArray() : null, certificate));

    SampleProxy ServeProxy(int port)
    {
        var proxy = new SampleProxy(port);
        _servers.Add(proxy);
        return proxy;
    }

    HttpSettings Through(SampleProxy proxy, string credentials = "") =>
        _settings with { Proxies = ProxyRules.From($"http://{credentials}127.0.0.1:{proxy.Port}", _ => null) };

    static async Task<RemoteException> RefusedAsync(HttpSettings settings, string url) =>
        await Assert.ThrowsAsync<RemoteException>(() => FetchAsync(settings, url));

    static async Task<string?> FetchAsync(HttpSettings settings, string url)
    {
        var slash = url.LastIndexOf('/');
        using var fetchers = new Fetchers(() => settings);
        using var fetcher = fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse(url[..slash], "/")));
        var body = await fetcher.OpenAsync(new FetchRequest(url[(slash + 1)..], 100), Cancellation);
        using var reader = new StreamReader(body!.Content);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
