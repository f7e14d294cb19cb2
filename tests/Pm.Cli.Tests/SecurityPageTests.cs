using System.Runtime.CompilerServices;
using Pm.Simulation;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>The command lines of docs/security.md do what the page says, one after the other, in one directory.</summary>
public sealed class SecurityPageTests : IDisposable
{
    const string Prompt = "$ pm ";

    readonly string _directory = Directory.CreateTempSubdirectory("pm-security-").FullName;
    readonly ManualClock _clock = new();
    string? _publisher;
    string? _token;

    /// <summary>GnuPG has its own clock.</summary>
    public SecurityPageTests() => _clock.Advance(DateTimeOffset.UtcNow - _clock.GetUtcNow());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Its_command_lines_work()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gpg"), "needs gpg");
        var lines = Lines();
        Assert.True(lines.Count > 25, $"{lines.Count} command lines");
        foreach (var line in lines)
        {
            var words = await Task.WhenAll(line.Split(' ').Select(WordAsync));
            var (exit, talk) = await RunAsync(words);
            Assert.True(exit == ExitCode.Ok, $"{line}: {exit}\n{talk}");
        }

        // What the page ends with: a repository that is whole, that nobody who lost his key has a say in, and nothing that waits.
        Assert.Equal(ExitCode.Ok, (await RunAsync("repo", "verify", "-q", "stable")).Exit);
        Assert.False(File.Exists(Path.Join(_directory, "stable/pending.json")));
        var root = RootMetadata.Parse(SignedDocument.Parse(
            await File.ReadAllBytesAsync(Path.Join(_directory, "stable/repository/root.json"), TestContext.Current.CancellationToken), "root.json", MetadataLimits.Root).Body);
        Assert.Equal(new HashSet<string> { IdOf("ann"), IdOf("bob2"), IdOf("eve") }, [.. root.Roles["root"].KeyIds]);
        Assert.Equal([IdOf("targets2")], root.Roles["targets"].KeyIds);
        Assert.Equal(2, root.Roles["root"].Threshold);
    }

    static List<string> Lines([CallerFilePath] string here = "")
    {
        var path = Path.GetFullPath(Path.Join(Path.GetDirectoryName(here), "../../docs/security.md"));
        return [.. File.ReadAllLines(path).Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)).Select(line => line[Prompt.Length..])];
    }

    /// <summary>What the page leaves open.</summary>
    async Task<string> WordAsync(string word) => word switch
    {
        "targets=TARGETS" => $"targets={IdOf("targets")[..8]}",
        "root=BOB" => $"root={IdOf("bob")[..8]}",
        "FINGERPRINT" => _publisher ??= await PublisherAsync(),
        "TOKEN" => _token ??= await TokenAsync(),
        _ => word,
    };

    string IdOf(string name) => KeyFile.Parse(File.ReadAllBytes(Path.Join(_directory, $"{name}.json")), name)[0].Public.Id;

    async Task<string> PublisherAsync()
    {
        var fingerprint = await MustAsync("key", "create", "-q", "--no-passphrase", "Pat <pat@example.org>");
        await File.WriteAllTextAsync(Path.Join(_directory, "pat.asc"), await MustAsync("key", "export", "pat@example.org"));
        await MustAsync("repo", "trust", "-q", "--repo", "stable", "pat.asc");
        return fingerprint.Trim();
    }

    async Task<string> TokenAsync()
    {
        var token = await MustAsync("token", "create", "-q", "--repo", "stable", "publish:tool");
        return token.Trim();
    }

    async Task<string> MustAsync(params string[] words)
    {
        using var world = NewWorld();
        var exit = await world.RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{world.Talk}");
        return world.Data;
    }

    async Task<(ExitCode Exit, string Talk)> RunAsync(params string[] words)
    {
        using var world = NewWorld();
        return (await world.RunAsync(words), world.Talk);
    }

    World NewWorld()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["PM_ROOT"] = Path.Join(_directory, "root"),
            ["PM_STORE"] = Path.Join(_directory, "store"),
        };
        var world = new World(environment: environment, clock: _clock);
        world.Context = world.Context with { WorkingDirectory = _directory };
        return world;
    }
}
