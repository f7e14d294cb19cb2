using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>Who follows the README, and every hint of every refusal, has the package in the end.</summary>
public sealed class NewcomerTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-newcomer-").FullName;
    readonly ManualClock _clock = new();

    /// <summary>GnuPG has its own clock.</summary>
    public NewcomerTests() => _clock.Advance(DateTimeOffset.UtcNow - _clock.GetUtcNow());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_key_of_a_publisher_comes_from_where_the_refusal_says()
    {
        var fingerprint = (await PublishAsync()).Trim();
        await using var server = new LyingServer(Served);
        var keyUrl = $"{server.Url}/publishers/{fingerprint}.asc";
        await MustAsync("remote", "add", "-q", "--trust-first-use", "--name", "stable", server.Url);
        await MustAsync("pull", "-q");
        Assert.Contains($"signer: {fingerprint} (a key that is not known here)", await MustAsync("info", "tool"), StringComparison.Ordinal);

        var (exit, _, talk) = await RunAsync("install", "tool");
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("PM3004", talk, StringComparison.Ordinal);
        Assert.Contains($"pm key import {keyUrl}, ", talk, StringComparison.Ordinal);

        // Who is at the other end chooses the key: it is not trusted because of where it was.
        (exit, _, talk) = await RunAsync("key", "import", "--trust", keyUrl);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains($"trust {fingerprint}", talk, StringComparison.Ordinal);
        (exit, _, talk) = await RunAsync("key", "import", $"{keyUrl}#sha256={new string('0', 64)}");
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("PM6006", talk, StringComparison.Ordinal);

        // A key under the name of another.
        var publishers = Path.Join(_directory, "repository", "repository", "publishers");
        File.Copy(Path.Join(publishers, $"{fingerprint}.asc"), Path.Join(publishers, $"{new string('A', 40)}.asc"));
        (exit, _, talk) = await RunAsync("key", "import", $"{server.Url}/publishers/{new string('A', 40)}.asc");
        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains($"PM1119]: {server.Url}/publishers/{new string('A', 40)}.asc: expected key {new string('A', 40)}, got {fingerprint}", talk, StringComparison.Ordinal);
        Assert.Empty(await MustAsync("key", "list"));

        await MustAsync("key", "import", keyUrl);
        Assert.Contains("(known, not trusted)", await MustAsync("info", "tool"), StringComparison.Ordinal);
        await MustAsync("key", "trust", fingerprint);
        await MustAsync("install", "tool");
        Assert.Contains($"signer: {fingerprint}\n", await MustAsync("info", "tool"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_is_shown_to_who_asks_for_it()
    {
        await PublishAsync();
        await using var server = new LyingServer(Served);
        await MustAsync("remote", "add", "-q", "--trust-first-use", server.Url);

        var (exit, data, talk) = await RunAsync("pull", "-v", "--jobs", "1");
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains($"GET {server.Url}/2.root.json: 404, ", talk, StringComparison.Ordinal);
        Assert.Contains($"GET {server.Url}/timestamp.json: 200, ", talk, StringComparison.Ordinal);
        Assert.DoesNotContain("GET", data, StringComparison.Ordinal);
        Assert.DoesNotContain("GET", (await RunAsync("pull")).Talk, StringComparison.Ordinal);
    }

    byte[]? Served(string path) => Path.Join(_directory, "repository", "repository", path) is var file && File.Exists(file) ? File.ReadAllBytes(file) : null;

    /// <summary>A signed package in a repository of another user's; returns the publisher's fingerprint.</summary>
    async Task<string> PublishAsync()
    {
        Directory.CreateDirectory(Path.Join(_directory, "tool", "root", "bin"));
        await File.WriteAllTextAsync(Path.Join(_directory, "tool", "root", "bin", "tool"), "#!/bin/sh\n");
        await File.WriteAllTextAsync(Path.Join(_directory, "tool", "meta.yaml"), "name: tool\nversion: 1.0.0\ndescription: a test\n");
        string[] there = ["--root", Path.Join(_directory, "there")];
        var fingerprint = await MustAsync(["key", "create", "-q", "--no-passphrase", .. there, "Ann <ann@example.org>"]);
        await MustAsync("pkg", "create", "-q", "tool");
        await MustAsync("repo", "init", "-q", "repository");
        await File.WriteAllTextAsync(Path.Join(_directory, "ann.asc"), await MustAsync(["key", "export", .. there, "ann@example.org"]));
        await MustAsync("repo", "trust", "-q", "--repo", "repository", "ann.asc");
        await MustAsync("repo", "publish", "-q", "--repo", "repository", "tool-1.0.0.pkg");
        return fingerprint;
    }

    async Task<string> MustAsync(params string[] words)
    {
        var (exit, data, talk) = await RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{talk}");
        return data;
    }

    async Task<(ExitCode Exit, string Data, string Talk)> RunAsync(params string[] words)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["PM_ROOT"] = Path.Join(_directory, "here"),
            ["PM_STORE"] = Path.Join(_directory, "store"),
        };
        using var world = new World(environment: environment, clock: _clock);
        world.Context = world.Context with { WorkingDirectory = _directory };
        var exit = await world.RunAsync(words);
        return (exit, world.Data, world.Talk);
    }
}
