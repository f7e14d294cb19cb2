using System.Security.Cryptography;
using System.Text;
using Pm.Packages.Index;
using Pm.Remotes.Http;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A root with <c>tool@1.0.0</c> from a remote of one kind, which a test then makes lie; beside it, where wanted, an honest mirror.</summary>
sealed class HostileStory : IAsyncDisposable
{
    /// <summary>Before the path of a file: the same file.</summary>
    public const string Moved = "moved/";

    public static readonly SimulatedPublisher Publisher = new("Ann <ann@example.org>");

    /// <summary>What may change though a command failed: metadata that was believed before the failure, and what broke off.</summary>
    static readonly string[] MayMove = ["var/lib/pm/tuf/", "var/lib/pm/index/", "var/cache/"];

    /// <summary>In memory where that can be had: hundreds of stories would wait for the disk else, which is not what they are about.</summary>
    readonly string _directory = Directory.CreateDirectory(Path.Join(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"pm-hostile-{Guid.NewGuid():N}")).FullName;

    /// <summary>What the proxy of a story knows, and no name server.</summary>
    const string OutsideHost = "far.test";

    readonly IReadOnlyDictionary<string, byte[]> _first;
    IReadOnlyDictionary<string, byte[]> _honest;
    readonly SampleProxy? _proxy;
    readonly System.Security.Cryptography.X509Certificates.X509Certificate2? _certificate;
    readonly List<LyingServer> _others = [];

    HostileStory(RemoteFace face, SimulatedPackage first, bool hasMirror, bool isOutside, bool isNow)
    {
        if (isNow)
        {
            Clock.Advance(DateTimeOffset.UtcNow - Clock.GetUtcNow());
        }

        (Face, HasMirror, IsOutside) = (face, hasMirror, isOutside);
        Repository = new RepositorySimulator(Clock.GetUtcNow()) { Publisher = Publisher };
        Repository.Publish(first);
        _honest = _first = Repository.Save();
        if (face is RemoteFace.Https)
        {
            Authority = new SampleAuthority(Clock.GetUtcNow());
            File.WriteAllText(Path.Join(_directory, "ca.pem"), Authority.Pem);
            _certificate = Authority.Issue(isOutside ? OutsideHost : "127.0.0.1", -300, 300);
        }

        Files = new ServedDirectory(Path.Join(_directory, "served"), Path.Join(_directory, "elsewhere"));
        if (face is RemoteFace.Directory)
        {
            Files.Write(_honest);
            new ServedDirectory(Path.Join(_directory, "mirror"), "").Write(_honest);
        }
        else
        {
            Server = Serve(path => Repository.Files.GetValueOrDefault(path.StartsWith(Moved, StringComparison.Ordinal) ? path[Moved.Length..] : path));
            Mirror = Serve(path => _honest.GetValueOrDefault(path));
            if (isOutside)
            {
                _proxy = new SampleProxy(Server.Port);
                Environment["PM_PROXY"] = $"http://127.0.0.1:{_proxy.Port}";
                Outside = $"{(_certificate is null ? "http" : "https")}://{OutsideHost}";
            }
        }
    }

    public RemoteFace Face { get; }

    public bool HasMirror { get; }

    public bool IsOutside { get; }

    // Where time passes because the server is slow, a connection that is just being made on a busy machine has nothing to do with it.
    public ManualClock Clock { get; } = new() { Exempt = new HttpSettings().ConnectTimeout };

    public RepositorySimulator Repository { get; }

    /// <summary>Null where the remote is a directory.</summary>
    public LyingServer? Server { get; }

    public LyingServer? Mirror { get; }

    public ServedDirectory Files { get; }

    /// <summary>What signs the certificates of this story; null where nothing is encrypted.</summary>
    public SampleAuthority? Authority { get; }

    /// <summary>The remote as somebody outside; null where it is on this machine.</summary>
    string? Outside { get; }

    /// <summary>What was the truth before the newest version.</summary>
    public IReadOnlyDictionary<string, byte[]> Previous { get; private set; } = new Dictionary<string, byte[]>();

    /// <summary>As messages call the remote.</summary>
    public string Location => Outside ?? Server?.Url ?? $"file://{Files.Path}";

    public string MirrorLocation => Mirror?.Url ?? $"file://{Path.Join(_directory, "mirror")}";

    /// <summary>All that was said to a person since the last question.</summary>
    public string Talk { get; private set; } = "";

    /// <summary>Further variables of the environment.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string Root => Path.Join(_directory, "root");

    /// <summary>What the installed program would print.</summary>
    public string Installed => File.ReadAllLines(Path.Join(Root, "bin/tool"))[1]["echo ".Length..];

    /// <summary>How many versions were published.</summary>
    public int Version { get; private set; } = 1;

    /// <summary>The newest version that was published.</summary>
    public string Published => $"tool@{Version}.0.0";

    /// <summary>All bytes below the directories that pm writes.</summary>
    public long Kept => new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(f => !f.FullName.StartsWith(Files.Path, StringComparison.Ordinal)).Sum(f => f.LinkTarget is null ? f.Length : 0);

    /// <summary>Adds the remote and installs from it.</summary>
    /// <param name="face">Of which kind it is.</param>
    /// <param name="hasMirror">Whether it has an honest mirror.</param>
    /// <param name="first">What is installed; null: the usual.</param>
    /// <param name="isOutside">Whether it is on the open network, as pm sees it.</param>
    /// <param name="isNow">Whether the story is told at the present time: for a pm with a clock of its own.</param>
    public static async Task<HostileStory> BeginAsync(RemoteFace face, bool hasMirror = false, SimulatedPackage? first = null, bool isOutside = false, bool isNow = false)
    {
        var story = new HostileStory(face, first ?? Signed("tool@1.0.0"), hasMirror, isOutside, isNow);
        try
        {
            await story.MustAsync("key", "import", "-q", "--trust", story.Write("ann.asc", Publisher.PublicKey));
            await story.MustAsync([
                "remote", "add", "-q", "--name", "far", story.FirstWord,
                .. (string[])(hasMirror ? ["--mirror", story.MirrorLocation] : []), story.Location]);
            await story.MustAsync("pull", "-q");
            await story.MustAsync("install", "-q", "tool");
            return story;
        }
        catch
        {
            await story.DisposeAsync();
            throw;
        }
    }

    public static SimulatedPackage Signed(string id, string yaml = "", int noise = 0) => new(id, sign: Publisher.Sign, yaml: yaml, noise: noise);

    /// <summary>Publishes the next version, honestly.</summary>
    public void PublishNext(string yaml = "", int noise = 0)
    {
        Version++;
        Forget();
        Previous = _honest;
        Repository.Targets.Clear();
        Repository.Publish(Signed(Published, yaml, noise));
        BeHonest();
    }

    /// <summary>Removes what only older states than the present one have.</summary>
    void Forget()
    {
        foreach (var path in Previous.Keys.Where(path => !_first.ContainsKey(path) && !path.EndsWith("root.json", StringComparison.Ordinal)))
        {
            Repository.Files.Remove(path);
        }
    }

    /// <summary>Publishes a package as the next version, whatever it is.</summary>
    /// <param name="package">What lies there.</param>
    /// <param name="say">What the repository says of it.</param>
    public void Publish(SimulatedPackage package, Func<AvailablePackage, AvailablePackage>? say = null)
    {
        Previous = _honest;
        Repository.Targets.Clear();
        Repository.Publish(package, say);
        ServeWhatIs();
    }

    /// <summary>What is in the repository now is the truth, and told.</summary>
    public void BeHonest()
    {
        _honest = Repository.Save();
        Return();
    }

    /// <summary>Ends every lie.</summary>
    public void Return()
    {
        Repository.Restore(_honest);
        if (Server is not null)
        {
            Server.LieAlways = null;
            Server.LiesAbout = _ => true;
            Server.Lies.Clear();
            Server.Certificate = _certificate;
        }
        else
        {
            Files.Write(_honest);
            new ServedDirectory(Path.Join(_directory, "mirror"), "").Write(_honest);
        }
    }

    /// <summary>Serves what the test made of the repository's files.</summary>
    public void ServeWhatIs()
    {
        if (Face is RemoteFace.Directory)
        {
            Files.Write(Repository.Files);
        }
    }

    /// <summary>Adds a further remote, of the same kind.</summary>
    public async Task AddRemoteAsync(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        var directory = new ServedDirectory(Path.Join(_directory, name), "");
        directory.Write(files);
        var server = Face is RemoteFace.Directory ? null : Serve(path => files.GetValueOrDefault(path));
        if (server is not null)
        {
            _others.Add(server);
        }

        await MustAsync("remote", "add", "-q", "--name", name, FirstWord, server?.Url ?? directory.Path);
    }

    string FirstWord => Face is RemoteFace.Plain ? "--plain" : "--trust-first-use";

    /// <summary>What pm is given of the environment.</summary>
    public Dictionary<string, string> Variables
    {
        get
        {
            var all = new Dictionary<string, string>(Environment, StringComparer.Ordinal)
            {
                ["HOME"] = _directory,
                ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
                ["PM_ROOT"] = Root,
                ["PM_STORE"] = Path.Join(_directory, "store"),
            };
            if (Authority is not null)
            {
                all["PM_CA_FILE"] = Path.Join(_directory, "ca.pem");
            }

            return all;
        }
    }

    /// <summary>Runs pm; whatever it waits for comes to pass in no time.</summary>
    public async Task<ExitCode> RunAsync(params string[] words)
    {
        using var world = new World(environment: Variables, clock: Clock);
        var exit = await HurriedClock.RunAsync(Clock, Task.Run(() => world.RunAsync(words), TestContext.Current.CancellationToken));
        Talk += world.Talk;
        return exit;
    }

    public async Task MustAsync(params string[] words)
    {
        Talk = "";
        var exit = await RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{Talk}");
    }

    /// <summary>Pulls and updates; the worse of the two results.</summary>
    /// <param name="words">What to do in place of it.</param>
    public async Task<ExitCode> UpdateAsync(string[]? words = null)
    {
        Talk = "";
        if (words is not null)
        {
            return await RunAsync(words);
        }

        var pulled = await RunAsync("pull", "--jobs", "1");
        var updated = await RunAsync("update", "--jobs", "1");
        return pulled == ExitCode.Ok ? updated : pulled;
    }

    /// <summary>The lines that name an error.</summary>
    public IReadOnlyList<string> Errors => [.. Talk.Split('\n').Where(line => line.Contains("error[", StringComparison.Ordinal))];

    /// <summary>Each file of the root, with a digest of its bytes, but for what may move.</summary>
    public string State()
    {
        var state = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(Root, file);
            if (!MayMove.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
            {
                state.Append(path).Append(' ').Append(File.GetUnixFileMode(file)).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
            }
        }

        return state.ToString();
    }

    public string Write(string name, string text)
    {
        var path = Path.Join(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A further web server of this story's kind.</summary>
    public LyingServer Serve(Func<string, byte[]?> files) => new(path => Face is RemoteFace.Plain && !IsPlain(path) ? null : files(path), _certificate)
    {
        Time = Clock,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _others.Append(Server).Append(Mirror).OfType<LyingServer>())
        {
            await server.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        Authority?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>What the original has.</summary>
    static bool IsPlain(string path) => path.EndsWith("available.json", StringComparison.Ordinal) || path.EndsWith(".pkg", StringComparison.Ordinal);
}
