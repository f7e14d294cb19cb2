using System.Net;
using Pm.Daemon.Settings;
using Pm.Repositories;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>pmd as its operator has it: signals, files, limits of the system.</summary>
public sealed class ProcessTests : IDisposable
{
    /// <summary>For what comes at once unless something is wrong.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryDirectory _directory = new();
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public ProcessTests() => Add("main");

    public void Dispose()
    {
        _client.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_hangup_begins_the_access_log_anew_and_finds_repositories_and_a_term_ends_it_well()
    {
        var (log, ports) = (_directory["access.log"], _directory["ports"]);
        await using var pmd = await RunningProcess.StartAsync(null, "--access-log", log, "--port-file", ports, _directory["repositories"]);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(pmd, "/main/timestamp.json"));
        Assert.Equal($"{pmd.Address.GetLeftPart(UriPartial.Authority)}\n", File.ReadAllText(ports));
        await ContainsAsync(pmd, log, "\"GET /main/timestamp.json HTTP/1.1\" 200 ");

        File.Move(log, _directory["access.log.1"]);
        Add("fresh");
        pmd.Signal("HUP");
        await pmd.SaysAsync("reloaded: 2 repositories");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(pmd, "/fresh/timestamp.json"));
        await ContainsAsync(pmd, log, "\"GET /fresh/timestamp.json HTTP/1.1\" 200 ");
        Assert.DoesNotContain("/fresh/", File.ReadAllText(_directory["access.log.1"]), StringComparison.Ordinal);

        pmd.Signal("TERM");
        await pmd.SaysAsync("stopping");
        Assert.Equal(0, await pmd.EndAsync());
        Assert.False(File.Exists(ports));
    }

    [Fact]
    public async Task A_hangup_reads_the_settings_again_and_serves_on_where_they_are_wrong()
    {
        var file = _directory["pmd.toml"];
        Configure("directories = ['repositories/main']\naccess-log = 'none'\n");
        await using var pmd = await RunningProcess.StartAsync(null, "--config", file);

        Add("fresh");
        Configure("directories = ['repositories']\naccess-log = 'none'\nmin-rate = 7\n");
        pmd.Signal("HUP");
        await pmd.SaysAsync("min-rate: what is new there counts when pmd is started again");
        await pmd.SaysAsync("reloaded: 2 repositories");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(pmd, "/fresh/timestamp.json"));

        Configure("min-rate = 'fast'\n");
        pmd.Signal("HUP");
        await pmd.SaysAsync($"{file}:1:12: `min-rate`: expected a number from 0 to 1000000000, got `fast`");
        await pmd.SaysAsync("reloaded in part: 2 repositories");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(pmd, "/fresh/timestamp.json"));

        void Configure(string text)
        {
            File.WriteAllText(file, text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_second_interrupt_does_not_wait_for_who_downloads()
    {
        Write("large", 50_000_000);
        await using var pmd = await RunningProcess.StartAsync(null, "--access-log", "none", _directory["repositories"]);
        using var client = await RawConnection.OpenAsync(pmd.Address);
        await client.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\n\r\n");
        _ = await client.ReadAsync(1000);

        pmd.Signal("INT");
        await pmd.SaysAsync("stopping");
        pmd.Signal("INT");

        Assert.Equal(128 + 2, await pmd.EndAsync());
    }

    /// <summary>More idle connections than there are descriptors, each of them free for whoever likes.</summary>
    [Fact]
    public async Task Idle_strangers_do_not_take_the_descriptors_that_answers_need()
    {
        const int Limit = 300;
        Write("large", 100_000);
        await using var pmd = await RunningProcess.StartAsync(Limit, "--access-log", "none", "--idle-timeout", "600", _directory["repositories"]);
        using var honest = await RawConnection.OpenAsync(pmd.Address);
        await honest.SendAsync("GET /main/timestamp.json HTTP/1.1\r\nHost: x\r\n\r\n");
        _ = await honest.ReadAsync(100);
        var strangers = new List<RawConnection>();

        // No more than the server accepts and the kernel keeps for it: who is beyond that waits for seconds.
        for (var i = 0; i < 3 * Limit / 2; i++)
        {
            strangers.Add(await RawConnection.OpenAsync(pmd.Address));
        }

        await honest.SendAsync("GET /main/large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var answer = await honest.ReadToEndAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Contains("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.True(answer.Length > 100_000);
        Assert.False(pmd.HasExited);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Theory]
    [InlineData(1_048_576, 10_000, 10_000)]
    [InlineData(1024, 10_000, 410)]
    [InlineData(1024, 100, 100)]
    [InlineData(64, 10_000, 16)]
    public void Descriptors_are_divided_between_connections_and_files(long limit, int wanted, int connections)
    {
        var shares = DescriptorShares.Of(limit, used: 100, repositories: 1, wanted);

        Assert.Equal(connections, shares.Connections);
        Assert.True(shares.Files >= 8);
        Assert.True(limit < 200 || 100 + shares.Connections + shares.Files < limit);
    }

    static async Task<HttpStatusCode> GetAsync(HttpClient client, RunningProcess pmd, string path)
    {
        using var answer = await client.GetAsync(new Uri(pmd.Address, path), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    Task<HttpStatusCode> GetAsync(RunningProcess pmd, string path) => GetAsync(_client, pmd, path);

    /// <summary>Lines are written after their answers; each further request gives the writer time.</summary>
    async Task ContainsAsync(RunningProcess pmd, string file, string words)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!File.Exists(file) || !File.ReadAllText(file).Contains(words, StringComparison.Ordinal))
        {
            limit.Token.ThrowIfCancellationRequested();
            _ = await GetAsync(pmd, "/health/live");
        }
    }

    void Add(string name) => DirectoryRepository.Init(_directory[$"repositories/{name}"], new RoleLifetimes(), new RepositoryAccess("test", TimeProvider.System));

    void Write(string name, int length) => File.WriteAllBytes(_directory[$"repositories/main/repository/{name}"], new byte[length]);
}
