using System.Security.Cryptography;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary><c>pm run https://…</c> from a server whose certificate an authority signed that pm is told of.</summary>
public sealed class HttpsRunTests : IAsyncDisposable
{
    static readonly byte[] Object = File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "objects", "opens.o"));
    static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Object));

    readonly string _directory = Directory.CreateTempSubdirectory("pm-https-run-").FullName;
    readonly SampleAuthority _authority = new(DateTimeOffset.UtcNow);
    readonly LyingServer _server;
    readonly LyingServer _open;
    readonly Dictionary<string, string> _environment;

    public HttpsRunTests()
    {
        _server = new LyingServer(path => path == "opens.bpf.o" ? Object : null, _authority.Issue("127.0.0.1", -300, 300));
        _open = new LyingServer(path => path == "opens.bpf.o" ? Object : null);
        File.WriteAllText(Path.Join(_directory, "ca.pem"), _authority.Pem);
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["PM_ROOT"] = Path.Join(_directory, "root"),
            ["PM_STORE"] = Path.Join(_directory, "store"),
            ["PM_CACHE"] = Path.Join(_directory, "cache"),
            ["PM_CA_FILE"] = Path.Join(_directory, "ca.pem"),
            ["TMPDIR"] = Directory.CreateDirectory(Path.Join(_directory, "tmp")).FullName,
        };
    }

    string Url => $"{_server.Url}/opens.bpf.o";

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _open.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_trusted_or_has_the_digest_is_attached_and_tells(bool isTrusted)
    {
        ObjectProcess.RequireKernel();
        using var watched = new QuietProcess();
        string[] words = isTrusted ? ["--trust", Url] : [$"{Url}#sha256={Digest}"];
        using var pm = new ObjectProcess([], ["run", "--json", "--duration", "60s", .. words, "--", "--pid", $"{watched.Id}"], _environment);
        Assert.True(pm.IsAttached(), pm.Said);
        var name = $"/pm-is-not-there-{Environment.ProcessId}";

        watched.Open(name);

        Assert.Contains($"\"pid\":{watched.Id},", pm.Await($"\"name\":\"{name}\""), StringComparison.Ordinal);
        Assert.True(pm.Interrupt() == 0, pm.Said);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task What_nothing_vouches_for_is_not_even_asked_for()
    {
        await AssertRefusedAsync(["run", Url], ExitCode.Refused, "PM1104", $"{Url}#sha256=HEX");
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Other_bytes_than_the_digest_says_are_refused()
    {
        var other = new string('0', 64);

        await AssertRefusedAsync(["run", "-n", $"{Url}#sha256={other}"], ExitCode.Refused, "PM6006", $"expected sha256 {other}, got {Digest}");
        await AssertRefusedAsync(["run", $"{Url}#sha256={other}"], ExitCode.Refused, "PM6006", $"expected sha256 {other}, got {Digest}");
    }

    [Fact]
    public async Task A_server_that_no_authority_vouches_for_is_refused_though_the_url_is_trusted()
    {
        _environment.Remove("PM_CA_FILE");

        await AssertRefusedAsync(["run", "--trust", Url], ExitCode.Refused, "PM6013", "--ca-file FILE");
        Assert.Empty(_server.Requests);
        var (exit, data, talk) = await PmAsync("run", "-n", "--trust", "--ca-file", Path.Join(_directory, "ca.pem"), Url);
        Assert.True(exit is ExitCode.Ok, talk);
        Assert.Contains("would load", data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_leads_to_no_place_without_encryption(bool isTrusted)
    {
        _server.LieAlways = Lies.RedirectTo($"{_open.Url}/opens.bpf.o");

        await AssertRefusedAsync(isTrusted ? ["run", "--trust", Url] : ["run", $"{Url}#sha256={Digest}"], ExitCode.Refused, "PM6014", "it leads from https to http");
        Assert.Empty(_open.Requests);
    }

    async Task AssertRefusedAsync(string[] words, ExitCode expected, string code, string says)
    {
        var (exit, data, talk) = await PmAsync(words);
        Assert.True(exit == expected, $"{exit}\n{talk}");
        Assert.Empty(data);
        Assert.Contains($"error[{code}]: ", talk, StringComparison.Ordinal);
        Assert.Contains(says, talk, StringComparison.Ordinal);
        Assert.Contains("hint: ", talk, StringComparison.Ordinal);
        AssertNothingIsLeft();
    }

    void AssertNothingIsLeft() => Assert.Equal([Path.Join(_directory, "ca.pem")], Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories));

    async Task<(ExitCode Exit, string Data, string Talk)> PmAsync(params string[] words)
    {
        using var world = new World(environment: _environment);
        world.Context = world.Context with { Time = TimeProvider.System, WorkingDirectory = _directory };
        var exit = await world.RunAsync(words);
        return (exit, world.Data, world.Talk);
    }
}
