using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Pm.Repositories.Tests.StaticServing;

/// <summary>The server that needs no pmd.</summary>
public class StaticServerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task Every_range_gives_the_bytes_it_names(int size)
    {
        await using var server = new RunningServer();
        var content = new byte[size];
        new Random(size).NextBytes(content);
        server.Write("note", content);
        long[] interesting = [0, 1, size / 2, Math.Max(0, size - 1), size, size + 1, 65_535, 65_536, 65_537];
        foreach (var first in interesting.Distinct())
        {
            foreach (var last in interesting.Where(last => last >= first).Distinct())
            {
                var answer = await server.SendAsync(HttpMethod.Get, "/main/note", ("Range", $"bytes={first}-{last}"));
                var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
                var isThere = first < size;

                Assert.Equal(isThere ? HttpStatusCode.PartialContent : HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
                Assert.Equal(isThere ? content[(int)first..(int)Math.Min(size, last + 1)] : [], body);
            }
        }

        Assert.Equal(content, await (await server.SendAsync(HttpMethod.Get, "/main/note")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Head_and_conditions_are_answered_without_a_body()
    {
        await using var server = new RunningServer();
        var get = await server.SendAsync(HttpMethod.Get, "/main/root.json");
        var head = await server.SendAsync(HttpMethod.Head, "/main/root.json");
        var known = await server.SendAsync(HttpMethod.Get, "/main/root.json", ("If-None-Match", get.Headers.ETag!.ToString()));
        var failed = await server.SendAsync(HttpMethod.Get, "/main/root.json", ("If-Match", "\"other\""));

        Assert.Equal(server.Read("root.json"), await get.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentLength), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, failed.StatusCode);
    }

    [Fact]
    public async Task A_sibling_is_given_to_who_can_read_it()
    {
        await using var server = new RunningServer();
        server.Write("available.json", "plain"u8.ToArray());
        server.Write("available.json.zst", "squeezed"u8.ToArray());
        var answer = await server.SendAsync(HttpMethod.Get, "/main/available.json", ("Accept-Encoding", "zstd"));

        Assert.Equal("squeezed", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("zstd", Assert.Single(answer.Content.Headers.ContentEncoding));
    }

    [Theory]
    [InlineData("/main/../keys/root.json", 400)]
    [InlineData("/main/%2e%2e/keys/root.json", 400)]
    [InlineData("/main/..%2fkeys%2froot.json", 400)]
    [InlineData("/main//root.json", 400)]
    [InlineData("/main/keys/root.json", 404)]
    [InlineData("/main/.git", 404)]
    [InlineData("/main/root.json/", 404)]
    [InlineData("/other/root.json", 404)]
    [InlineData("/", 404)]
    [InlineData("*", 400)]
    public async Task A_tricky_path_gives_nothing(string target, int status)
    {
        await using var server = new RunningServer();
        server.Write(".git", [1]);

        var answer = await server.ExchangeAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.DoesNotContain("signatures", answer);
    }

    [Theory]
    [InlineData("\r\n\r\n", 400)]
    [InlineData("GET\r\n\r\n", 400)]
    [InlineData("GET /main/root.json\r\n\r\n", 400)]
    [InlineData("GET  /main/root.json HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /main/root.json HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nHost : y\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nX\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nX: \0\r\n\r\n", 400)]
    [InlineData("G(T /main/root.json HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("DELETE /main/root.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\nRange: bytes=2-3\r\n\r\n", 400)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /", 200)]
    [InlineData("GET /main/root.json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200)]
    [InlineData("GET /main/root.json HTTP/1.0\r\n\r\n", 200)]
    public async Task A_request_is_read_strictly_and_the_connection_ends_where_it_must(string request, int status)
    {
        await using var server = new RunningServer();
        var answer = await server.ExchangeAsync(request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task Heads_that_are_too_large_are_refused()
    {
        await using var server = new RunningServer();

        Assert.StartsWith("HTTP/1.1 431 ", await server.ExchangeAsync($"GET /main/root.json HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}"));
        Assert.StartsWith("HTTP/1.1 431 ", await server.ExchangeAsync(
            $"GET /main/root.json HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X{i}: y\r\n"))}\r\n"));
    }

    [Fact]
    public async Task Requests_in_one_piece_and_in_many_are_answered_in_their_order()
    {
        await using var server = new RunningServer();
        server.Write("a", "first"u8.ToArray());
        server.Write("b", "second"u8.ToArray());
        const string request = "GET /main/a HTTP/1.1\r\nHost: x\r\n\r\nGET /main/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        var whole = await server.ExchangeAsync(request);
        var pieces = await server.ExchangeAsync([.. request.Select(c => c.ToString())]);

        Assert.All([whole, pieces], answer => Assert.Equal(["first", "second"], answer.Split("\r\n\r\n").Skip(1).Select(part => part.Split("HTTP/1.1")[0])));
        Assert.Equal(["/main/a", "/main/b", "/main/a", "/main/b"], server.Log.Select(record => record.Target));
    }

    [Fact]
    public async Task A_client_that_says_nothing_or_never_ends_is_cut_off()
    {
        await using var server = new RunningServer(options => options with { IdleTimeout = TimeSpan.FromMilliseconds(200), HeadTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal("", await server.ExchangeAsync());
        Assert.StartsWith("HTTP/1.1 408 ", await server.ExchangeAsync("GET /main/root.json HTTP/1.1\r\n", "X-"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        await using var server = new RunningServer(options => options with { StepTimeout = TimeSpan.FromMilliseconds(200) });
        server.Write("large", new byte[30_000_000]);
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        while (server.Log.IsEmpty)
        {
            await Task.Yield();
        }

        Assert.True(server.Log.Single().Bytes < 30_000_000);
    }

    [Fact]
    public async Task More_clients_than_there_is_room_for_wait_and_are_answered()
    {
        await using var server = new RunningServer(options => options with { MaximumConnections = 2, IdleTimeout = TimeSpan.FromSeconds(30) });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            server.ExchangeAsync("GET /main/root.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));

        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 200 ", answer));
    }

    [Fact]
    public async Task No_address_holds_all_connections()
    {
        await using var server = new RunningServer(options => options with { MaximumConnections = 4, MaximumClientConnections = 3 });
        var held = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            held.Add(await server.ConnectAsync());
        }

        using var further = await server.ConnectAsync();
        using var other = await server.ConnectAsync("127.0.0.2");
        await other.SendAsync("GET /main/root.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());

        Assert.Equal("", await RunningServer.ReadToEndAsync(further));
        Assert.StartsWith("HTTP/1.1 200 ", await RunningServer.ReadToEndAsync(other));
        held[0].Dispose();

        // What somebody gave back, the next of the same address has.
        Assert.StartsWith("HTTP/1.1 200 ", await UntilAnsweredAsync(server));
        held.ForEach(socket => socket.Dispose());
    }

    /// <summary>The server hears a little later that a connection has gone.</summary>
    static async Task<string> UntilAnsweredAsync(RunningServer server)
    {
        while (true)
        {
            try
            {
                if (await server.ExchangeAsync("GET /main/root.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") is { Length: > 0 } answer)
                {
                    return answer;
                }
            }
            catch (SocketException)
            {
                // Closed before it could ask.
            }
        }
    }

    [Fact]
    public async Task A_download_that_has_begun_ends_though_the_server_is_told_to_stop()
    {
        await using var server = new RunningServer();
        server.Write("large", new byte[20_000_000]);
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var begin = await socket.ReceiveAsync(new byte[100]);
        server.Stop();

        Assert.True(begin + (await RunningServer.ReadToEndAsync(socket)).Length > 20_000_000);
        await server.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_download_that_nobody_reads_does_not_keep_the_server_for_ever()
    {
        await using var server = new RunningServer(options => options with { StopTimeout = TimeSpan.FromMilliseconds(200) });
        server.Write("large", new byte[30_000_000]);
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        _ = await socket.ReceiveAsync(new byte[100]);
        server.Stop();

        await server.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_file_that_is_cut_while_it_is_sent_breaks_the_connection_off()
    {
        await using var server = new RunningServer();
        server.Write("large", new byte[30_000_000]);
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var begin = await socket.ReceiveAsync(new byte[100]);
        server.Write("large", [1]);

        Assert.True(begin + (await RunningServer.ReadToEndAsync(socket)).Length < 30_000_000);
    }

    [Fact]
    public async Task A_request_that_has_ended_is_logged()
    {
        await using var server = new RunningServer();
        _ = await server.ExchangeAsync("GET /main/none?x HTTP/1.1\r\nHost: x\r\nUser-Agent: test\r\nConnection: close\r\n\r\n");
        var record = Assert.Single(server.Log);

        Assert.Equal(("GET", "/main/none?x", 404, "test", IPAddress.Loopback), (record.Method, record.Target, record.Status, record.Agent, record.Client));
    }
}
