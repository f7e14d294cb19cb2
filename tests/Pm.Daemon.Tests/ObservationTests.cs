using System.Net;
using System.Text.Json;
using Pm.Repositories;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>What the server says of itself: events, descriptions, metrics and the access log.</summary>
public class ObservationTests
{
    [Fact]
    public async Task Events_tell_the_version_at_once_and_at_each_change_and_end_with_the_server()
    {
        await using var server = await Server.StartAsync();
        await using var stream = await server.StreamAsync("/main/auto");
        using var reader = new StreamReader(stream);

        Assert.Equal(["event: timestamp.json", "data: 1", ""], await LinesAsync(reader));
        DirectoryRepository.Open(System.IO.Path.Join(server.Path, "repositories/main")).Refresh(onlyIfNeeded: false, new RepositoryAccess("test", TimeProvider.System));
        Assert.Equal(["event: timestamp.json", "data: 2", ""], await LinesAsync(reader));
        await server.Daemon.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_address_takes_all_the_places_of_those_who_listen()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with { TrustedProxies = [IPAddress.Loopback, IPAddress.IPv6Loopback] });
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < 100; i++)
        {
            streams.Add(await server.ListenAsync("192.0.2.1"));
        }

        using var refused = await server.ListenAsync("192.0.2.1");
        using var other = await server.ListenAsync("192.0.2.2");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task The_server_lists_its_repositories_and_how_to_trust_them()
    {
        await using var server = await Server.StartAsync(["a/b", "stable"]);
        using var document = JsonDocument.Parse(await server.TextAsync("/.well-known/pm"));

        Assert.Equal("pm/1", document.RootElement.GetProperty("schema").GetString());
        Assert.Equal("server", document.RootElement.GetProperty("kind").GetString());
        var data = document.RootElement.GetProperty("data");
        Assert.Equal(Product.Version, data.GetProperty("version").GetString());
        Assert.Equal(["a/b", "stable"], data.GetProperty("repositories").EnumerateArray().Select(r => r.GetProperty("namespace").GetString()));
        var first = data.GetProperty("repositories")[0];
        Assert.Equal(
            DirectoryRepository.Open(System.IO.Path.Join(server.Path, "repositories/a/b")).Fingerprint.ToString(), first.GetProperty("fingerprint").GetString());
        Assert.Equal(0, first.GetProperty("packages").GetInt32());
        Assert.True(first.GetProperty("expires").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task A_description_that_the_client_has_is_not_sent_again()
    {
        await using var server = await Server.StartAsync();
        var first = await server.GetAsync("/.well-known/pm");
        var again = await server.SendAsync(HttpMethod.Get, "/.well-known/pm", ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Fuchsias_description_has_the_keys_of_the_root()
    {
        await using var server = await Server.StartAsync();
        using var first = JsonDocument.Parse(await server.TextAsync("/main/config.json"));
        using var second = JsonDocument.Parse(await server.TextAsync("/main/config.json?version=2"));

        Assert.Equal($"{server.Address}main", first.RootElement.GetProperty("RepoURL").GetString());
        Assert.Equal($"{server.Address}main/blobs", first.RootElement.GetProperty("BlobRepoURL").GetString());
        Assert.Equal(1, first.RootElement.GetProperty("rootVersion").GetInt32());
        var key = first.RootElement.GetProperty("RootKeys")[0].GetProperty("value").GetString();
        Assert.Equal(key, second.RootElement.GetProperty("root_keys")[0].GetProperty("value").GetString());
        Assert.Equal($"{server.Address}main", second.RootElement.GetProperty("mirrors")[0].GetProperty("mirror_url").GetString());
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_an_error_with_a_code()
    {
        await using var server = await Server.StartAsync();
        foreach (var path in (string[])["/nobody/x", "/main/api/v1/nothing", "/health/nothing"])
        {
            var answer = await server.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal("error", document.RootElement.GetProperty("kind").GetString());
            Assert.Equal("PM5208", document.RootElement.GetProperty("data").GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Damaged_metadata_is_the_operators_business_and_its_path_nobodys()
    {
        await using var server = await Server.StartAsync();
        File.WriteAllText(server.Served("main", "1.root.json"), "{}");
        var answer = await server.GetAsync("/main/config.json");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("PM5008", text);
        Assert.DoesNotContain(server.Path, text);
        Assert.Contains(server.Path, server.Talk);
    }

    [Fact]
    public async Task Metrics_count_what_was_asked()
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "note", "0123456789"u8);
        _ = await server.TextAsync("/main/note");
        _ = await server.GetAsync("/main/missing");
        _ = await server.LogLineAsync("/missing");
        var metrics = await server.TextAsync("/metrics");

        Assert.Contains("pmd_requests_total{kind=\"file\",status=\"2xx\"} 1\n", metrics);
        Assert.Contains("pmd_requests_total{kind=\"file\",status=\"4xx\"} 1\n", metrics);
        Assert.Contains("# TYPE pmd_request_seconds histogram\n", metrics);
        Assert.Contains("pmd_request_seconds_bucket{le=\"+Inf\"} 2\n", metrics);
        Assert.Contains("pmd_sent_bytes_total 10\n", metrics);
        Assert.Contains("pmd_repository_version{namespace=\"main\"} 1\n", metrics);
        Assert.All(
            DirectoryRepository.Open(System.IO.Path.Join(server.Path, "repositories/main")).Keys(),
            role => Assert.Contains($"pmd_role_expires_seconds{{namespace=\"main\",role=\"{role.Role}\"}} {role.Expires.ToUnixTimeSeconds()}\n", metrics));
        Assert.All(metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(
            "^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\\{[a-z]+=\"[^\"\\\\\n]*\"(,[a-z]+=\"[^\"\\\\\n]*\")*\\})? [0-9.E+-]+)$", line));
    }

    [Fact]
    public async Task The_access_log_has_a_line_for_each_request_and_nothing_steers_a_terminal()
    {
        await using var server = await Server.StartAsync();
        _ = await RawConnection.ExchangeAsync(server.Address,
            "GET /main/timestamp.json?secret HTTP/1.1\r\nHost: x\r\nUser-Agent: x\"y\u00c2\u009b1m\r\nReferer: \u00c3\u00a9\r\nConnection: close\r\n\r\n");
        var length = new FileInfo(server.Served("main", "timestamp.json")).Length;

        Assert.Matches(
            $"^127\\.0\\.0\\.1 - - \\[[^]]+ \\+0000\\] \"GET /main/timestamp.json\\?secret HTTP/1.1\" 200 {length} \"[ -~]*\" \"[ !#-~]*\" [0-9]+\\.[0-9]{{6}}$",
            await server.LogLineAsync("timestamp.json"));
    }

    static async Task<string[]> LinesAsync(StreamReader reader)
    {
        var lines = new List<string>();
        do
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "the end";
            if (line != ":" && (lines.Count > 0 || line != ""))
            {
                lines.Add(line);
            }
        }
        while (lines.Count < 3);

        return [.. lines];
    }
}
