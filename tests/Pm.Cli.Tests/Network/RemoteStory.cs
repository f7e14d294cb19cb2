using System.Security.Cryptography;
using System.Text;
using Pm.Remotes.Http;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>A root with <c>tool@1.0.0</c> from a repository in memory, behind a web server that a test makes lie.</summary>
sealed class RemoteStory : IAsyncDisposable
{
    /// <summary>What may change though a command failed: metadata that was believed before the failure, and what broke off.</summary>
    static readonly string[] MayMove = ["var/lib/pm/tuf/", "var/lib/pm/index/", "var/cache/"];

    readonly string _directory = Directory.CreateTempSubdirectory("pm-story-").FullName;

    public RemoteStory()
    {
        Repository = new RepositorySimulator(Clock.GetUtcNow());
        Repository.Publish(new SimulatedPackage("tool@1.0.0"));
        Server = new LyingServer(path => Repository.Files.GetValueOrDefault(path));
    }

    public ManualClock Clock { get; } = new() { Exempt = new HttpSettings().ConnectTimeout };

    public RepositorySimulator Repository { get; }

    public LyingServer Server { get; }

    /// <summary>All that was said to a person.</summary>
    public string Talk { get; private set; } = "";

    string Root => Path.Join(_directory, "root");

    /// <summary>What the installed program would print.</summary>
    public string Installed => File.ReadAllLines(Path.Join(Root, "bin/tool"))[1]["echo ".Length..];

    /// <summary>Adds the remote and installs from it.</summary>
    public static async Task<RemoteStory> BeginAsync()
    {
        var story = new RemoteStory();
        await story.MustAsync("remote", "add", "-q", "--trust-first-use", "--name", "far", story.Server.Url);
        await story.MustAsync("pull", "-q");
        await story.MustAsync("install", "-q", "--allow-unsigned", "tool");
        Assert.Equal("tool@1.0.0", story.Installed);
        return story;
    }

    /// <summary>Runs pm; what it waits before it tries again passes in no time.</summary>
    public async Task<ExitCode> RunAsync(params string[] words)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PM_ROOT"] = Root,
            ["PM_STORE"] = Path.Join(_directory, "store"),
        };
        using var world = new World(environment: environment, clock: Clock);
        var running = Task.Run(() => world.RunAsync(words), TestContext.Current.CancellationToken);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Clock.WhenAwaitedAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Talk += world.Talk;
        return await running;
    }

    public async Task MustAsync(params string[] words)
    {
        Talk = "";
        var exit = await RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{Talk}");
    }

    /// <summary>Pulls and updates; the worse of the two results.</summary>
    public async Task<ExitCode> UpdateAsync()
    {
        Talk = "";
        var pulled = await RunAsync("pull", "-q");
        var updated = await RunAsync("update", "-q", "--allow-unsigned");
        return pulled == ExitCode.Ok ? updated : pulled;
    }

    /// <summary>Each file of the root, with a digest of its bytes, but for what may move.</summary>
    public string State()
    {
        var state = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Root, file);
            if (!MayMove.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                state.Append(path).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
            }
        }

        return state.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
