using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Pm.Daemon.Tests.Publishing;
using Pm.Repositories;
using Pm.Repositories.Serving;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Many at once, and some of them not honest: the others are answered all the same.</summary>
public sealed class LoadTests : IDisposable
{
    const string Question = "GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_address_holds_all_connections_and_the_metrics_say_so()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with
        {
            Listen = [new ListenAddress("127.0.0.1", 0, null)],
            MaximumConnections = 20,
            MaximumClientConnections = 10,
        });
        var strangers = new List<RawConnection>();
        for (var i = 0; i < 10; i++)
        {
            strangers.Add(await RawConnection.OpenAsync(server.Address));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("", await RawConnection.ExchangeAsync(server.Address, Question).WaitAsync(Patience, Cancellation));
        }

        var answer = await RawConnection.ExchangeAsync(server.Address, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", from: "127.0.0.2").WaitAsync(Patience, Cancellation);

        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.Contains("\npmd_limit{name=\"max_connections\"} 20\n", answer, StringComparison.Ordinal);
        Assert.Contains("\npmd_limit{name=\"max_client_connections\"} 10\n", answer, StringComparison.Ordinal);
        Assert.Contains("\npmd_connections 11\n", answer, StringComparison.Ordinal);
        Assert.Contains("\npmd_connections_refused_total 20\n", answer, StringComparison.Ordinal);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task A_proxy_that_is_trusted_speaks_for_many()
    {
        await using var server = await Server.StartAsync(change: (settings, _) => settings with
        {
            MaximumClientConnections = 2,
            TrustedProxies = [IPAddress.Loopback, IPAddress.IPv6Loopback],
        });
        var connections = new List<RawConnection>();
        for (var i = 0; i < 10; i++)
        {
            connections.Add(await RawConnection.OpenAsync(server.Address));
            await connections[i].SendAsync(Question);
            Assert.NotEmpty(await connections[i].ReadAsync(10));
        }

        connections.ForEach(connection => connection.Dispose());
    }

    /// <summary>Some say nothing, some never end their heads, some take nothing of their answers: hundreds of each.</summary>
    [Fact]
    public async Task Thousands_of_bad_clients_keep_no_good_one_from_its_answer()
    {
        const int Each = 700;
        DirectoryRepository.Init(_directory["repositories/main"], new RoleLifetimes(), new RepositoryAccess("test", TimeProvider.System));
        File.WriteAllBytes(_directory["repositories/main/repository/large"], new byte[8_000_000]);
        await using var pmd = await RunningProcess.StartAsync(
            10_000, "--access-log", "none", "--header-timeout", "600", "--idle-timeout", "600", "--min-rate", "0", _directory["repositories"]);
        string[] begins = ["", "GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\nX-", "GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n"];
        var bad = new List<RawConnection>();
        for (var i = 0; i < 3 * Each; i++)
        {
            bad.Add(await RawConnection.OpenAsync(pmd.Address, $"127.0.0.{10 + (i % 3)}"));
            await bad[i].SendAsync(begins[i % 3]);
        }

        using var good = await RawConnection.OpenAsync(pmd.Address, "127.0.0.2");
        for (var i = 0; i < 200; i++)
        {
            await good.SendAsync("GET /main/root.json HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200 OK", System.Text.Encoding.ASCII.GetString(await good.ReadAsync(15).WaitAsync(Patience, Cancellation)), StringComparison.Ordinal);
            await good.SkipAsync();
        }

        var metrics = await RawConnection.ExchangeAsync(pmd.Address, "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "127.0.0.2").WaitAsync(Patience, Cancellation);
        Assert.InRange(Value(metrics, "pmd_connections"), (3 * Each) + 1, (3 * Each) + 2);
        Assert.InRange(Value(metrics, "process_resident_memory_bytes"), 0, 500e6);
        bad.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Reloads_drop_no_connection_whoever_asks_meanwhile()
    {
        await using var server = await Server.StartAsync();
        using var stop = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            // One connection for all of it: where it is closed, the next answer is none.
            using var client = await RawConnection.OpenAsync(server.Address);
            var answers = 0;
            for (; !stop.IsCancellationRequested; answers++)
            {
                await client.SendAsync(Question);
                Assert.Equal("HTTP/1.1 200 OK", System.Text.Encoding.ASCII.GetString(await client.ReadAsync(15)));
                await client.SkipAsync();
            }

            return answers;
        })).ToList();

        for (var i = 0; i < 30; i++)
        {
            server.AddRepository($"fresh-{i}");
            server.Daemon.Reload();
            Assert.Equal(HttpStatusCode.OK, (await server.GetAsync($"/fresh-{i}/timestamp.json")).StatusCode);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(asking).WaitAsync(Patience, Cancellation), answers => Assert.True(answers > 0));
    }

    [Fact]
    public async Task Of_many_who_publish_one_version_with_other_content_one_succeeds()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => server.PublishAsync(token, new SamplePackage("foo@1.0", $"content {i}")))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal("409 PM5003", answer.Refusal));
        Assert.Equal(["foo@1.0"], server.Listed());
        Assert.DoesNotContain(server.Repository.Verify(DateTimeOffset.UtcNow, null, Cancellation).Findings, finding => finding.IsFault);
    }

    [Fact]
    public async Task Of_many_who_upload_the_same_bytes_at_once_all_have_them_there()
    {
        await using var server = await PublishingServer.StartAsync();
        string[] tokens = [.. Enumerable.Range(0, 6).Select(_ => server.Token("publish:*"))];
        var pkg = new SamplePackage("foo@1.0", "one", more: ("share/large", new byte[2_000_000])).ToPkg(isSigned: false);

        var answers = await Task.WhenAll(tokens.Select(token => Task.Run(() => server.UploadAsync(token, pkg))));

        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{answer.Status}"));
        Assert.Single(server.Staged());
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(tokens[3], pkg)).Status);
        Assert.Empty(server.Staged());
    }

    static double Value(string metrics, string name) =>
        double.Parse(Regex.Match(metrics, $"^{name} (.+)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
}
