using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Requests that no honest client sends: a clear status, and nothing that is not served.</summary>
public class HostileRequestTests
{
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("/main/../keys/root.json", 400)]
    [InlineData("/main/./timestamp.json", 400)]
    [InlineData("/main//timestamp.json", 400)]
    [InlineData("//main/timestamp.json", 400)]
    [InlineData("/main/%2e%2e/keys/root.json", 400)]
    [InlineData("/main/%2E%2E%2Fkeys/root.json", 400)]
    [InlineData("/main/..%2fkeys%2froot.json", 400)]
    [InlineData("/main/..\\keys\\root.json", 400)]
    [InlineData("/main/%5c..%5ckeys", 400)]
    [InlineData("/main/%c0%ae%c0%ae/keys/root.json", 400)]
    [InlineData("/main/%252e%252e/keys/root.json", 404)]
    [InlineData("/main/timestamp.json%00.png", 400)]
    [InlineData("/main/%0d%0aSet-Cookie:x", 400)]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd", 400)]
    [InlineData("/../../../etc/passwd", 400)]
    [InlineData("/main/..;/keys/root.json", 404)]
    [InlineData("/main/keys/root.json", 404)]
    [InlineData("/main/.git/config", 404)]
    [InlineData("/main/repository/timestamp.json", 404)]
    [InlineData("/main/staged/lock", 404)]
    [InlineData("/main/pmd/tokens.db", 404)]
    [InlineData("/~repository/timestamp.json", 404)]
    [InlineData("/~repository/auto", 404)]
    [InlineData("/main/timestamp.json/", 404)]
    [InlineData("/main/timestamp.json/x", 404)]
    [InlineData("/MAIN/timestamp.json", 404)]
    [InlineData("/health/../main/timestamp.json", 400)]
    [InlineData("/%", 400)]
    [InlineData("http://host/main/../x", 400)]
    [InlineData("/main/auto/../timestamp.json", 400)]
    [InlineData("/main/api/../timestamp.json", 400)]
    public async Task A_tricky_path_gives_nothing(string target, int status)
    {
        await using var server = await Server.StartAsync();
        File.WriteAllText(System.IO.Path.Join(server.Path, "repositories/main/repository/.git"), "hidden");

        var answer = await RawConnection.ExchangeAsync(server.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.DoesNotContain("Set-Cookie", answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)]);

        // Nothing but what says that it is refused, or not there.
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Matches("^(|there is no such file\n|this is no request that is understood here\n|\\{\"schema\":\"pm/1\",\"kind\":\"error\",\"data\":\\{[^{}]*\\}\\}\n)$", body);
    }

    [Theory]
    [InlineData("GET /main/timestamp.json\r\n\r\n", 400)]
    [InlineData("GET  /main/timestamp.json HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/9.9\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nRange : bytes=0-1\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n", 400)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: +0\r\n\r\n", 400)]
    [InlineData("POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 5 5\r\n\r\nhello", 400)]
    [InlineData("POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello", 400)]
    [InlineData("POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nhello", 400)]
    [InlineData("POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", 401)]
    [InlineData("GET /main/a b HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /main/a\x01 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\nHost: x\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("POST /main/timestamp.json HTTP/1.1\nHost: x\nContent-Length: 0\n\n", 400)]
    [InlineData("\x16\x03\x01\x02\x00", 400)]
    [InlineData("DELETE /main/timestamp.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("TRACE /main/timestamp.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\nConnection: close\r\n\r\n", 400)]
    public async Task A_malformed_request_is_refused_and_the_server_goes_on(string request, int status)
    {
        await using var server = await Server.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.Address);
        await connection.SendAsync(request);
        if (request.Length < 10 || !request.Contains('\r', StringComparison.Ordinal))
        {
            await connection.SendAsync("\r\n\r\n");
        }

        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.True((await server.GetAsync("/main/timestamp.json")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Heads_that_are_too_large_are_refused()
    {
        await using var server = await Server.StartAsync();
        var longTarget = $"GET /main/{new string('a', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n";
        var longHeader = $"GET /main/root.json HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}\r\n\r\n";
        var manyHeaders = $"GET /main/root.json HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: y\r\n"))}\r\n";

        Assert.StartsWith("HTTP/1.1 414 ", await RawConnection.ExchangeAsync(server.Address, longTarget));
        Assert.StartsWith("HTTP/1.1 431 ", await RawConnection.ExchangeAsync(server.Address, longHeader));
        Assert.StartsWith("HTTP/1.1 431 ", await RawConnection.ExchangeAsync(server.Address, manyHeaders));
    }

    [Fact]
    public async Task A_body_that_nobody_asked_for_is_refused()
    {
        await using var server = await Server.StartAsync();

        var answer = await RawConnection.ExchangeAsync(
            server.Address, "POST /main/api/v1/search HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (404|405|413) ", answer);
    }

    /// <summary>Before the web server and in it: what is no request for a file is its business.</summary>
    /// <remarks>Where a request is to come, it is waited for until it has: on a busy machine that takes longer than the time that is tested.</remarks>
    [Theory]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nX-", "HTTP/1.1 408 ", 3000)]
    [InlineData("G", "HTTP/1.1 408 ", 3000)]
    [InlineData("", "", 75)]
    [InlineData("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ", 300)]
    public async Task A_client_that_never_ends_its_request_is_cut_off(string begin, string answer, int idle)
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { IdleTimeout = TimeSpan.FromSeconds(idle) }, time: new HastyTime());
        using var slow = await RawConnection.OpenAsync(server.Address);
        await slow.SendAsync(begin);

        Assert.StartsWith(answer, await slow.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("POST /main/timestamp.json HTTP/1.1\r\nHost: x\r\nX-", "HTTP/1.1 408 ", 1, 60)]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ", 60, 3)]
    public async Task So_is_one_of_the_web_server(string begin, string answer, int header, int idle)
    {
        await using var server = await Server.StartAsync(change: (settings, _) =>
            settings with { HeaderTimeout = TimeSpan.FromSeconds(header), IdleTimeout = TimeSpan.FromSeconds(idle) });
        using var slow = await RawConnection.OpenAsync(server.Address);
        await slow.SendAsync(begin);

        Assert.StartsWith(answer, await slow.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_of_its_answer_is_cut_off()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { IdleTimeout = TimeSpan.FromSeconds(3000) }, time: new HastyTime());
        server.Write("main", "large", new byte[30_000_000]);
        using var slow = await RawConnection.OpenAsync(server.Address);
        await slow.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n");
        var line = await server.LogLineAsync("/main/large");

        Assert.Matches("\" 200 [0-9]{1,7} ", line);
        Assert.True((await slow.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken)).Length < 30_000_000);
    }

    [Fact]
    public async Task Connections_that_are_reset_fill_no_log()
    {
        var server = await Server.StartAsync();
        await using (server)
        {
            foreach (var begin in (string[])["GET /main/timestamp.json HTTP/1.1\r\nHo", "G", "", "GET /health/live HTTP/1.1\r\nHo"])
            {
                for (var i = 0; i < 10; i++)
                {
                    using var client = await RawConnection.OpenAsync(server.Address);
                    await client.SendAsync(begin);
                    _ = await server.GetAsync("/main/timestamp.json");
                    client.Reset();
                    _ = await server.GetAsync("/main/timestamp.json");
                }
            }
        }

        // A busy machine may make the web server warn of other things.
        Assert.DoesNotContain("Exception", server.Talk);
    }

    /// <summary>What is not for a file goes to the web server, and the rest of the connection with it.</summary>
    [Fact]
    public async Task A_connection_may_ask_for_anything_in_any_order()
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "a", "first"u8);
        using var client = await RawConnection.OpenAsync(server.Address);
        foreach (var path in (string[])["/main/a", "/main/none", "/health/live", "/main/a", "/main/config.json", "/main/a"])
        {
            await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        }

        await client.SendAsync("GET /main/a HTTP/1.0\r\n\r\n");
        var answers = await client.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(["200", "404", "200", "200", "200", "200", "200"], answers.Split("HTTP/1.1 ").Skip(1).Select(a => a[..3]));
        Assert.Equal(4, answers.Split("\r\n\r\nfirst").Length - 1);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "a", "first"u8);
        server.Write("main", "b", "second"u8);

        var answer = await RawConnection.ExchangeAsync(server.Address,
            "GET /main/a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /main/b HTTP/1.1\r\nHost: x\r\n\r\nGET /main/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal(["first", "second"], answer.Split("\r\n\r\n").Where((_, i) => i is 1 or 3).Select(part => part.Split("HTTP/1.1")[0]));
    }
}
