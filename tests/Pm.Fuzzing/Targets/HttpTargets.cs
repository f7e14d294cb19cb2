using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pm.Fuzzing.Gear;
using Pm.Remotes;
using Pm.Remotes.Http;
using Pm.Simulation.Lying;

namespace Pm.Fuzzing.Targets;

/// <summary>What servers answer, where they send pm, who they say they are, and what a person says about the way to them.</summary>
static class HttpTargets
{
    const int LongestFile = 1000;

    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Uri Url = new("https://example.org/r/a?b");

    static readonly byte[][] HeaderWords =
    [
        .. Words.Text, .. Words.Of(
            "HTTP/1.1 ", "HTTP/1.0 200\r\n", "HTTP/2 200 OK\r\n", "200 OK", "206 Partial Content", "301 Moved", "100 Continue\r\n\r\n", "103", "204", "304", "416", "429", "503", "Content-Length: ",
            "Content-Range: bytes ", "0-9/10", "5-9/10", "-/*", "*/10", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n", "7fffffffffffffff\r\n", "-1\r\n", ";x=", "Trailer: a\r\n", "Location: ", "ETag: \"abc\"\r\n",
            "ETag: W/", "Last-Modified: Fri, 01 May 2026 12:00:00 GMT\r\n", "Retry-After: ", "Date: ", "99999999999", "Content-Encoding: gzip\r\n", "Connection: close\r\n", "Connection: upgrade\r\n", "Set-Cookie: a=b\r\n", ": ", " ", "\r\n ", "\n"),
    ];

    static readonly byte[][] UrlWords = [.. Words.Text, .. Words.Of("://", "http://", "https://", "file:///", "//", "[::1]", "[", "user:pw@", ":99999", ":0", "?", "#", "%0a", "%00", "%", "localhost", "127.1", "xn--", "..")];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("http/answer", b => ReadAnswer(b, 0))
        {
            Seeds = Answers(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"abc\"\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"),
            Allowed = [typeof(RemoteException)],
            Words = HeaderWords,
            MaximumLength = 4096,
        },
        new("http/rest", b => ReadAnswer(b, 5))
        {
            Seeds = Answers(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\nETag: \"abc\"\r\n\r\nworld",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nLast-Modified: Fri, 01 May 2026 12:00:00 GMT\r\n\r\nhelloworld", "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n"),
            Allowed = [typeof(RemoteException)],
            Words = HeaderWords,
            MaximumLength = 4096,
        },
        new("http/redirect", ReadRedirect)
        {
            Seeds = Reading.Seeds("https://other.example/b", "/c/d?e", "../f", "//h/x", "http://h/"),
            Allowed = [typeof(RemoteException)],
            Words = UrlWords,
            MaximumLength = 10_000,
        },
        new("http/proxy", ReadProxy)
        {
            Seeds = Reading.Seeds("proxy:3128\nlocalhost, .example.org,10.0.0.0/8 [::1]:80 *", "socks5://u:p%40@h:1080\n169.254.169.254"),
            Allowed = [typeof(RemoteException)],
            Words = [.. UrlWords, .. Words.Of("socks4a://", ",", " ", "/8", "/129", "*", ".", "0x7f.1")],
            MaximumLength = 4096,
        },
        new("http/authorities", ReadAuthorities)
        {
            Seeds = () => [Reading.Bytes(Pem()), Reading.Bytes("a comment\n" + Pem() + Pem())],
            Allowed = [typeof(RemoteException)],
            Words = [.. Words.Text, .. Words.Of("-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n", "MIIB", "====")],
            MaximumLength = 8192,
        },
        new("http/certificate", ReadCertificate)
        {
            Seeds = () => [Certificate("h.example"), Certificate("::1")],
            Allowed = [typeof(RemoteException)],
            Words = [.. Words.Binary, [0x30, 0x82], [0x30, 0x80], [6, 3, 0x55, 0x1d, 0x11], [0x82, 0x84, 0x7f, 0xff, 0xff, 0xff], [0x0c, 4], .. Words.Of("20260101000000Z", "\u001b[2J", "*.")],
            MaximumLength = 4096,
        },
        new("http/server-directory", ReadServerDirectory)
        {
            Seeds = Reading.Seeds("""{"schema":"pm/1","kind":"server","data":{"repositories":[{"namespace":"a/b"},{"namespace":"testing"}]}}""", "{}"),
            Words = [.. Words.Json, .. UrlWords, .. Words.Of("\"data\":", "\"repositories\":[", "\"namespace\":")],
        },
    ];

    static Func<IEnumerable<byte[]>> Answers(params string[] texts) => Reading.Seeds(texts);

    /// <summary>Through all of pm's and the framework's HTTP, but the network.</summary>
    static HttpSettings Settings(byte[] answer) => new()
    {
        Connect = _ => new MemoryConnection(answer),
        Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.1")]),
        Attempts = 1,
        IsHasty = true,
    };

    /// <summary>Whatever is answered, at most the file's length comes, and it comes from where it says.</summary>
    static void ReadAnswer(byte[] bytes, long offset)
    {
        using var transport = new HttpTransport(Settings(bytes));
        using var fetcher = new HttpFetcher(RemoteUrl.Parse("http://example.org/r", "/"), transport);
        var request = new FetchRequest("a", LongestFile) { Offset = offset, Validator = offset > 0 ? "\"abc\"" : null };
        if (fetcher.OpenAsync(request, CancellationToken.None).GetAwaiter().GetResult() is { } body)
        {
            using var content = body.Content;
            Assert.True(body.Offset == 0 || body.Offset == offset);
            Assert.DoesNotContain(body.Validator ?? "", c => char.IsControl(c) || !char.IsAscii(c));
            Assert.True(body.Offset + Reading.Drain(content, long.MaxValue) <= LongestFile);
        }
    }

    static void ReadRedirect(byte[] bytes)
    {
        var next = RedirectRule.Next(Url, Reading.Text(bytes));
        Assert.Equal("https", next.Scheme);
        Assert.Equal("", next.UserInfo);
        Assert.NotEqual("", next.Host);
        Assert.DoesNotContain(next.AbsoluteUri, char.IsControl);
        _ = LocalAddress.Is(next);
    }

    /// <summary>A proxy, and behind the first line where it is not used.</summary>
    static void ReadProxy(byte[] bytes)
    {
        var lines = Reading.Text(bytes).Split('\n', 2);
        var rules = ProxyRules.From(lines[0] == "none" ? "" : lines[0], name => name == "no_proxy" && lines.Length > 1 ? lines[1] : null);
        var proxy = ProxyUrl.Parse(lines[0]);
        _ = proxy.Credential;
        Assert.InRange(proxy.Place.Port, 1, 65535);
        Assert.DoesNotContain("@", proxy.ToString());
        _ = rules.For(Url);
        _ = rules.For(new Uri("http://[::1]:80/"));
    }

    static string Pem()
    {
        using var authority = new SampleAuthority(Now);
        return authority.Pem;
    }

    static byte[] Certificate(string host)
    {
        using var authority = new SampleAuthority(Now);
        using var certificate = authority.Issue(host);
        return certificate.RawData;
    }

    [ThreadStatic]
    static string? _file;

    static void ReadAuthorities(byte[] bytes)
    {
        _file ??= StageTargets.TemporaryFile("ca.pem");
        File.WriteAllBytes(_file, bytes);
        var options = CertificateJudge.Options(new HttpSettings { CertificateFile = _file });
        Assert.NotEmpty(options.CertificateChainPolicy!.CustomTrustStore);
        foreach (var authority in options.CertificateChainPolicy.CustomTrustStore)
        {
            authority.Dispose();
        }
    }

    /// <summary>What a server shows is refused in words, whatever it is.</summary>
    static void ReadCertificate(byte[] bytes)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(bytes);
        }
        catch (CryptographicException)
        {
            // The framework does so before anybody is asked.
            return;
        }

        using var shown = certificate;
        var options = CertificateJudge.Options(new HttpSettings());
        using var stream = new SslStream(new MemoryStream());
        using var chain = new X509Chain { ChainPolicy = options.CertificateChainPolicy! };
        try
        {
            chain.Build(shown);
        }
        catch (CryptographicException)
        {
            // Then there is no connection, and nobody is asked either.
        }

        foreach (var errors in (SslPolicyErrors[])[SslPolicyErrors.RemoteCertificateNameMismatch, SslPolicyErrors.RemoteCertificateChainErrors])
        {
            var refused = Assert.Throws<RemoteException>(() => options.RemoteCertificateValidationCallback!(stream, shown, chain, errors));
            Assert.Equal("PM6013", refused.Code);
            Assert.DoesNotContain(refused.Message, char.IsControl);
        }
    }

    static void ReadServerDirectory(byte[] bytes)
    {
        using var fetchers = new Fetchers(() => Settings([.. Reading.Bytes($"HTTP/1.1 200 OK\r\nContent-Length: {bytes.Length}\r\n\r\n"), .. bytes]));
        foreach (var url in ServerDirectory.FindAsync(fetchers, RemoteUrl.Parse("http://example.org/x", "/"), CancellationToken.None).GetAwaiter().GetResult())
        {
            Assert.StartsWith("http://example.org/", url.Text + "/");
        }
    }
}
