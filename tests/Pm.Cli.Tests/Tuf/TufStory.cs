using System.Text;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;

namespace Pm.Cli.Tests.Tuf;

/// <summary>A repository behind a server that notes what it is asked for, and <c>pm tuf-client</c> with its directories.</summary>
sealed class TufStory : IAsyncDisposable
{
    static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pm-tuf-");
    readonly Dictionary<string, byte[]> _targets = [];

    public TufStory()
    {
        Server = new LyingServer(Served);
        Key = Repository.NewKey();
    }

    public RepositorySimulator Repository { get; } = new(Start);

    public LyingServer Server { get; }

    /// <summary>Of delegated roles.</summary>
    public SecretKey Key { get; }

    public DateTimeOffset Now { get; set; } = Start;

    public string Metadata => Path.Join(_directory.FullName, "metadata");

    public string Targets => Path.Join(_directory.FullName, "targets");

    /// <summary>What the last run wrote to standard error.</summary>
    public string Talk { get; private set; } = "";

    /// <summary>Paths as they were asked for in the last run, escapes and all, without <c>metadata/</c>.</summary>
    public IEnumerable<string> Asked => Server.Requests.Select(request => request.Target.Replace("/metadata/", "", StringComparison.Ordinal));

    /// <summary>Names of the files that the client believes.</summary>
    public IEnumerable<string> Believed => Names(Metadata);

    public IEnumerable<string> Downloaded => Names(Targets);

    public byte[] BelievedBytes(string name) => File.ReadAllBytes(Path.Join(Metadata, name));

    public Task<int> InitAsync()
    {
        var root = Path.Join(_directory.FullName, "first.json");
        File.WriteAllBytes(root, Repository.Files["1.root.json"]);
        return RunAsync("--metadata-dir", "metadata", "init", root);
    }

    public Task<int> RefreshAsync() => RunAsync("--metadata-dir", "metadata", "--metadata-url", $"{Server.Url}/metadata", "refresh");

    public Task<int> DownloadAsync(params string[] targets) => RunAsync(
    [
        "--metadata-dir", "metadata", "--metadata-url", $"{Server.Url}/metadata", .. targets.SelectMany(target => new[] { "--target-name", target }),
        "--target-base-url", $"{Server.Url}/targets/", "--target-dir", "targets", "download",
    ]);

    /// <summary>A run of the command with the words that follow it.</summary>
    public async Task<int> RunAsync(params string[] words)
    {
        Server.Requests.Clear();
        // It stands still, and with it every timer.
        var clock = new ManualClock();
        clock.Advance(Now - clock.GetUtcNow());
        using var world = new World(clock: clock);
        world.Context = world.Context with { WorkingDirectory = _directory.FullName };
        var exit = await world.RunAsync(["tuf-client", .. words]);
        Talk = world.Talk;
        return (int)exit;
    }

    /// <summary>Serves a file that a role names; what it names is published when the caller says so.</summary>
    public TargetFile Serve(string path, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var file = new TargetFile(bytes.Length, FileHashes.Of(bytes));
        _targets[Repository.IsConsistentSnapshot ? file.ConsistentPath(path) : path] = bytes;
        return file;
    }

    /// <summary>A target of the top level.</summary>
    public void Publish(string path, string content)
    {
        Repository.Targets[path] = Serve(path, content);
        Repository.Publish();
    }

    /// <summary>A role that may speak for paths, not published yet.</summary>
    public SimulatedRole Role(string name, params string[] paths)
    {
        var role = new SimulatedRole(name, Key) { Paths = paths, IsTerminating = false };
        Repository.SignDelegated(role);
        return role;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    static IEnumerable<string> Names(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        : [];

    byte[]? Served(string path) =>
        path.StartsWith("metadata/", StringComparison.Ordinal) ? Repository.Files.GetValueOrDefault(path["metadata/".Length..])
        : path.StartsWith("targets/", StringComparison.Ordinal) ? _targets.GetValueOrDefault(path["targets/".Length..])
        : null;
}
