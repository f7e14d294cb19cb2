using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Pm.Repositories;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>TLS, HTTP/2 and unix sockets.</summary>
public class TransportTests
{
    [Fact]
    public async Task Over_tls_both_versions_of_http_are_spoken()
    {
        await using var server = await StartTlsAsync("first");

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), await GetAsync(server, HttpVersion.Version20));
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version11), await GetAsync(server, HttpVersion.Version11));
    }

    [Fact]
    public async Task A_large_file_comes_whole_over_http_2_to_many_at_once()
    {
        await using var server = await StartTlsAsync("first");
        var content = RandomNumberGenerator.GetBytes(2_000_000);
        server.Write("main", "large", content);
        using var client = Client();

        var bodies = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var request = Request(server, "/main/large", HttpVersion.Version20);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }));

        Assert.All(bodies, body => Assert.Equal(content, body));
    }

    [Fact]
    public async Task A_certificate_is_renewed_without_dropping_a_connection()
    {
        await using var server = await StartTlsAsync("first");
        using var kept = Client();
        using (var request = Request(server, "/health/live", HttpVersion.Version20))
        {
            _ = await kept.SendAsync(request, TestContext.Current.CancellationToken);
        }

        TestCertificate.Write(server.Path, "second");
        server.Daemon.Reload();

        Assert.Equal("CN=second", await CertificateOfAsync(server));
        using var again = Request(server, "/health/live", HttpVersion.Version20);
        Assert.Equal(HttpStatusCode.OK, (await kept.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_certificate_that_is_damaged_at_a_reload_changes_nothing()
    {
        await using var server = await StartTlsAsync("first");
        File.WriteAllText(System.IO.Path.Join(server.Path, "tls.crt"), "nonsense");
        server.Daemon.Reload();

        Assert.Contains("the certificate of before is served on", server.Talk);
        Assert.Equal("CN=first", await CertificateOfAsync(server));
        Assert.Contains("error[PM5205]", server.Talk);
    }

    [Fact]
    public async Task A_certificate_that_is_damaged_at_the_start_is_an_error_with_a_code()
    {
        var error = await Assert.ThrowsAsync<DaemonException>(() => Server.StartAsync(change: (settings, server) =>
        {
            var changed = TestCertificate.Add(settings, server, "first");
            File.WriteAllText(System.IO.Path.Join(server.Path, "tls.key"), "nonsense");
            return changed;
        }));

        Assert.Equal("PM5205", error.Code);
    }

    [Fact]
    public async Task Plain_http_at_a_tls_port_and_a_broken_handshake_hurt_nobody()
    {
        await using var server = await StartTlsAsync("first");
        _ = await RawConnection.ExchangeAsync(server.Address, "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
        _ = await RawConnection.ExchangeAsync(server.Address, "\x16\x03\x01\x00\x05hello");

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), await GetAsync(server, HttpVersion.Version20));
    }

    [Fact]
    public async Task Over_a_unix_socket_the_proxy_says_who_asks()
    {
        await using var server = await Server.StartAsync(change: (settings, server) =>
            settings with { Listen = [new ListenAddress("", 0, System.IO.Path.Join(server.Path, "s"))] });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(System.IO.Path.Join(server.Path, "s")), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://repo.example/main/config.json");
        request.Headers.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("\"RepoURL\":\"https://repo.example/main\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("203.0.113.7 - - [", await server.LogLineAsync("config.json"));
    }

    [Theory]
    [InlineData("/main/timestamp.json", true, true, "203.0.113.7")]
    [InlineData("/main/timestamp.json", true, false, "127.0.0.1")]
    [InlineData("/main/timestamp.json", false, true, "203.0.113.7")]
    [InlineData("/main/timestamp.json", false, false, "127.0.0.1")]
    [InlineData("/main/config.json", true, true, "203.0.113.7")]
    [InlineData("/main/config.json", true, false, "127.0.0.1")]
    public async Task Over_tcp_only_a_proxy_that_is_trusted_says_who_asks(string path, bool isDirect, bool isTrusted, string client)
    {
        await using var server = await Server.StartAsync(change: (settings, server) => (isDirect ? settings : TestCertificate.Add(settings, server)) with
        {
            Listen = [new ListenAddress("127.0.0.1", 0, null)],
            TrustedProxies = isTrusted ? [IPAddress.Loopback] : [IPAddress.Parse("192.0.2.1")],
        });

        _ = await server.SendAsync(HttpMethod.Get, path, ("X-Forwarded-For", "198.51.100.1, 203.0.113.7"));

        Assert.StartsWith($"{client} - - [", await server.LogLineAsync(path));
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_and_come_in_when_another_ends()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { MaximumConnections = 2 });
        const string Ask = "GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\n\r\n";
        using var first = await RawConnection.OpenAsync(server.Address);
        using var second = await RawConnection.OpenAsync(server.Address);
        foreach (var connection in (RawConnection[])[first, second])
        {
            await connection.SendAsync(Ask);
            Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(await connection.ReadAsync(100)), StringComparison.Ordinal);
        }

        Assert.Equal("", await RawConnection.ExchangeAsync(server.Address, ""));
        first.Dispose();
        while (!(await RawConnection.ExchangeAsync(server.Address, Ask.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)))
            .StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_socket_left_behind_is_no_obstacle_and_one_in_use_is()
    {
        using var directory = new TemporaryDirectory();
        var path = directory["s"];
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
        }

        // .NET removes the name when it closes the socket; a process that was killed does not.
        using var again = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        again.Bind(new UnixDomainSocketEndPoint(directory["other"]));
        File.Move(directory["other"], path);
        again.Dispose();

        await using var server = await Server.StartAsync(change: (settings, _) => settings with { Listen = [new ListenAddress("", 0, path)] });
        var error = await Assert.ThrowsAsync<RepositoryException>(() =>
            Server.StartAsync(change: (settings, _) => settings with { Listen = [new ListenAddress("", 0, path)] }));

        Assert.Equal("PM5204", error.Code);
    }

    static Task<Server> StartTlsAsync(string name) => Server.StartAsync(change: (settings, server) => TestCertificate.Add(settings, server, name));

    static async Task<string> CertificateOfAsync(Server server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "x",
            EnabledSslProtocols = SslProtocols.None,
#pragma warning disable CA5359 // A certificate of the test's own.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return stream.RemoteCertificate!.Subject;
    }

    static async Task<(HttpStatusCode Status, Version Version)> GetAsync(Server server, Version version)
    {
        using var client = Client();
        using var request = Request(server, "/main/timestamp.json", version);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Version);
    }

    static HttpRequestMessage Request(Server server, string path, Version version) =>
        new(HttpMethod.Get, new Uri(server.Address, path)) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    static HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
#pragma warning disable CA5359 // A certificate of the test's own.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    });
}
