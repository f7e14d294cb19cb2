using System.Net.Security;
using Pm.Repositories.Serving;
using Pm.Repositories.StaticServing;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>A file is answered alike directly, by the web server and by the server that needs no pmd.</summary>
public sealed class SameAnswerTests : IDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
#pragma warning disable CA5359 // A certificate of the test's own.
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    });

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("GET", "note", 200)]
    [InlineData("HEAD", "note", 200)]
    [InlineData("GET", "empty", 200)]
    [InlineData("GET", "large", 206, "Range", "bytes=10-99999")]
    [InlineData("GET", "large", 416, "Range", "bytes=999999-")]
    [InlineData("HEAD", "large", 200, "Range", "bytes=10-20")]
    [InlineData("GET", "available.json", 200, "Accept-Encoding", "zstd")]
    [InlineData("HEAD", "available.json", 200, "Accept-Encoding", "zstd")]
    [InlineData("GET", "available.json", 200)]
    [InlineData("GET", "note", 304, "If-None-Match", "*")]
    [InlineData("GET", "note", 412, "If-Match", "\"other\"")]
    [InlineData("GET", "missing", 404)]
    [InlineData("HEAD", "missing", 404)]
    [InlineData("DELETE", "note", 405)]
    public async Task Head_and_body_are_the_same(string method, string file, int status, string? header = null, string? value = null)
    {
        await using var direct = await Server.StartAsync();
        await using var web = await Server.StartAsync(change: (settings, server) => TestCertificate.Add(settings with
        {
            Directories = [System.IO.Path.Join(direct.Path, "repositories")],
        }, server));
        using var files = StaticServer.Listen(
            RepositorySet.Open([System.IO.Path.Join(direct.Path, "repositories")], _ => { }), [new ListenAddress("localhost", 0, null)],
            new StaticOptions { Time = TimeProvider.System });
        using var stop = new CancellationTokenSource();
        var running = files.RunAsync(stop.Token);
        Write(direct);

        string[] answers =
        [
            await AskAsync(direct.Address, method, file, header, value),
            await AskAsync(web.Address, method, file, header, value),
            await AskAsync(new Uri(files.Addresses[0]), method, file, header, value),
        ];
        await stop.CancelAsync();
        await running;

        Assert.StartsWith($"{status}\n", answers[0]);
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(answers[0], answers[2]);
    }

    static void Write(Server server)
    {
        server.Write("main", "note", "content"u8);
        server.Write("main", "empty", []);
        server.Write("main", "large", new byte[200_000]);
        server.Write("main", "available.json", "plain"u8);
        server.Write("main", "available.json.zst", "squeezed"u8);
    }

    /// <summary>Status, headers and body; the time apart.</summary>
    async Task<string> AskAsync(Uri address, string method, string file, string? header, string? value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, $"/main/{file}"));
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(pair => pair.Key != "Date")
            .Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}").Order(StringComparer.Ordinal);
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n\n{Convert.ToHexString(body)}";
    }
}
