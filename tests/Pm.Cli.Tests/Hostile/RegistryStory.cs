using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pm.Remotes.Http;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A registry of containers with a package and an eBPF object, which a test then makes lie.</summary>
sealed class RegistryStory : IAsyncDisposable
{
    const string OutsideHost = "far.test";

    /// <summary>Before the path of a file: the same file.</summary>
    const string Moved = HostileStory.Moved;

    static readonly string ObjectFile = Path.Join(AppContext.BaseDirectory, "objects", "opens.o");

    readonly string _directory = Directory.CreateDirectory(Path.Join(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"pm-hostile-{Guid.NewGuid():N}")).FullName;

    readonly Dictionary<string, byte[]> _past = [];
    readonly SampleAuthority? _authority;
    readonly X509Certificate2? _certificate;
    readonly SampleProxy? _proxy;
    readonly Dictionary<string, string> _environment;

    RegistryStory(bool isOutside)
    {
        if (isOutside)
        {
            _authority = new SampleAuthority(Clock.GetUtcNow());
            File.WriteAllText(InDirectory("ca.pem"), _authority.Pem);
            _certificate = _authority.Issue(OutsideHost, -300, 300);
        }

        Server = new LyingServer(Find, _certificate) { Time = Clock };
        Mirror = new LyingServer(Find, _authority?.Issue("127.0.0.1", -300, 300)) { Time = Clock };
        _proxy = isOutside ? new SampleProxy(Server.Port) : null;
        Host = isOutside ? OutsideHost : $"127.0.0.1:{Server.Port}";
        Registry.Url = $"{(isOutside ? "https" : "http")}://{Host}";
        foreach (var name in (string[])["home/.docker", "work", "tmp"])
        {
            Directory.CreateDirectory(InDirectory(name));
        }

        var password = SampleRegistry.Basic["Basic ".Length..];
        File.WriteAllText(InDirectory("home/.docker/config.json"), "{\"auths\":{\"" + Host + "\":{\"auth\":\"" + password + "\"}}}");
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = InDirectory("home"),
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["PM_CACHE"] = InDirectory("cache"),
            ["PM_ROOT"] = InDirectory("root"),
            ["PM_STORE"] = InDirectory("store"),
            ["TMPDIR"] = InDirectory("tmp"),
        };
        if (_proxy is not null)
        {
            _environment["PM_PROXY"] = $"http://127.0.0.1:{_proxy.Port}";
            _environment["PM_CA_FILE"] = InDirectory("ca.pem");
        }

        Return();
    }

    public bool IsOutside => _proxy is not null;

    public ManualClock Clock { get; } = new() { Exempt = new HttpSettings().ConnectTimeout };

    public SampleRegistry Registry { get; } = new();

    public LyingServer Server { get; }

    /// <summary>The same files on another server, which wants no token.</summary>
    public LyingServer Mirror { get; }

    public string Host { get; }

    public int Version { get; private set; }

    public string PackageReference => $"oci://{Host}/tools/tool:1";

    /// <summary>What the tag of the package stands for now, as a reference has it.</summary>
    public string Promised => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Registry.Find(ManifestPath("tool"))!))}";

    public string ObjectReference => $"oci://{Host}/tools/opens:1";

    /// <summary>All that was said to a person by the last command.</summary>
    public string Talk { get; private set; } = "";

    /// <summary>What it printed.</summary>
    public string Data { get; private set; } = "";

    public IReadOnlyList<string> Errors => [.. Talk.Split('\n').Where(line => line.Contains("error[", StringComparison.Ordinal))];

    /// <summary>All bytes below the directories that pm writes.</summary>
    public long Kept => new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.LinkTarget is null ? f.Length : 0);

    /// <summary>Where commands write files.</summary>
    public string Work => InDirectory("work");

    public byte[] Object { get; private set; } = [];

    public byte[] Package { get; private set; } = [];

    /// <summary>What was published before.</summary>
    public byte[] OldObject { get; private set; } = [];

    public byte[] OldPackage { get; private set; } = [];

    public string OldTool => $"tool@{Version - 1}.0.0";

    /// <summary>What is published is installed.</summary>
    public static async Task<RegistryStory> BeginAsync(bool isOutside = false)
    {
        var story = new RegistryStory(isOutside);
        try
        {
            File.WriteAllText(story.InDirectory("ann.asc"), HostileStory.Publisher.PublicKey);
            await story.MustAsync("key", "import", "-q", "--trust", story.InDirectory("ann.asc"));
            await story.PublishNextAsync();
            await story.MustAsync("install", "-q", "--yes", "--trust", story.PackageReference);
            return story;
        }
        catch
        {
            await story.DisposeAsync();
            throw;
        }
    }

    /// <summary>Pushes the next version of both, with pm.</summary>
    public async Task PublishNextAsync()
    {
        foreach (var name in (string[])["opens", "tool"])
        {
            _past[name] = Registry.Find(ManifestPath(name)) ?? [];
        }

        (OldObject, OldPackage) = (Object, Package);
        Version++;
        Object = [.. File.ReadAllBytes(ObjectFile), .. Encoding.ASCII.GetBytes($"version {Version}")];
        Package = HostileStory.Signed($"tool@{Version}.0.0").Pkg;
        File.WriteAllBytes(InDirectory("opens.o"), Object);
        File.WriteAllBytes(InDirectory("tool.pkg"), Package);
        await MustAsync("pkg", "push", "-q", InDirectory("opens.o"), ObjectReference);
        await MustAsync("pkg", "push", "-q", InDirectory("tool.pkg"), PackageReference);
    }

    /// <summary>What is pushed: an object, as a stranger to the registry.</summary>
    public string[] Push => ["pkg", "push", InDirectory("opens.o"), $"oci://{Host}/tools/other{Version}:1"];

    /// <summary>Whether the registry has what is pushed.</summary>
    public bool IsPushed => Registry.Find($"v2/tools/other{Version}/manifests/1") is not null;

    /// <summary>Pushes other bytes in place of the package, with pm.</summary>
    public async Task PublishAsync(byte[] package)
    {
        (OldPackage, Package) = (Package, package);
        File.WriteAllBytes(InDirectory("tool.pkg"), package);
        await MustAsync("pkg", "push", "-q", InDirectory("tool.pkg"), PackageReference);
    }

    /// <summary>Lies about one stage of the conversation, to who has a token or asks for one.</summary>
    public void BeginLying(Lie? lie, string part)
    {
        if (lie is not null)
        {
            Server.LieAlways = answer => answer.Request.Headers.ContainsKey("authorization") && IsAbout(answer.Request, part) ? lie(answer) : Registry.AnswerAsync(answer);
        }
    }

    /// <summary>Ends every lie.</summary>
    public void Return()
    {
        Server.LieAlways = Registry.AnswerAsync;
        Server.Certificate = _certificate;
    }

    /// <summary>What an artifact was before: another signed package of the same name, and in place of its parts that package.</summary>
    public Task OfThePast(LyingAnswer answer) => Lies.Another(path => ManifestPath("opens") == path ? _past["opens"]
        : ManifestPath("tool") == path ? _past["tool"]
        : path.StartsWith(SampleRegistry.TokenPath, StringComparison.Ordinal) ? [.. """{"token":"old"}"""u8] : OldPackage)(answer);

    public static string ManifestPath(string name) => $"v2/tools/{name}/manifests/1";

    /// <summary>Shows a certificate from now on.</summary>
    public Lie? Show(Func<SampleAuthority, X509Certificate2> issue)
    {
        Server.Certificate = issue(_authority!);
        return null;
    }

    public async Task MustAsync(params string[] words)
    {
        var exit = await RunAsync(words);
        Assert.True(exit == ExitCode.Ok, $"pm {string.Join(' ', words)}: {exit}\n{Talk}");
    }

    /// <summary>Runs pm; whatever it waits for comes to pass in no time.</summary>
    public async Task<ExitCode> RunAsync(params string[] words)
    {
        using var world = new World(environment: _environment, clock: Clock);
        world.Context = world.Context with { WorkingDirectory = Work };
        var exit = await HurriedClock.RunAsync(Clock, Task.Run(() => world.RunAsync(words), TestContext.Current.CancellationToken));
        (Talk, Data) = (world.Talk, world.Data);
        return exit;
    }

    /// <summary>Each file of root, store, working directory and of those for temporary files, with a digest of its bytes; without the locks, which say who held them last.</summary>
    public string State()
    {
        var state = new StringBuilder();
        foreach (var file in ((string[])["root", "store", "work", "tmp", "cache"]).Select(InDirectory).Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories)).Where(f => Path.GetFileName(f) is not "lock").Order(StringComparer.Ordinal))
        {
            state.Append(Path.GetRelativePath(_directory, file)).Append(' ').AppendLine(new FileInfo(file).LinkTarget ?? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        }

        return state.ToString();
    }

    public string InDirectory(string name) => Path.Join(_directory, name);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Mirror.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _authority?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    byte[]? Find(string path) => Registry.Find(Plain(path));

    bool IsAbout(LyingRequest request, string part)
    {
        var path = Plain(request.Path);
        return part switch
        {
            "token" => path.StartsWith(SampleRegistry.TokenPath, StringComparison.Ordinal),
            "manifest" => request.Method == "GET" && path.Contains("/manifests/", StringComparison.Ordinal),
            "configuration" => request.Method == "GET" && Registry.IsConfiguration(path),
            "layer" => request.Method == "GET" && path.Contains("/blobs/", StringComparison.Ordinal) && !Registry.IsConfiguration(path),
            "question" => request.Method == "HEAD",
            "begin" => request.Method == "POST",
            "upload" => request.Method == "PUT" && path.Contains("/uploads/", StringComparison.Ordinal),
            "name" => request.Method == "PUT" && path.Contains("/manifests/", StringComparison.Ordinal),
            _ => throw new ArgumentException(part),
        };
    }

    /// <summary>Without what was put before it to lead elsewhere, or behind it to lead on and on.</summary>
    static string Plain(string path) => (path.StartsWith(Moved, StringComparison.Ordinal) ? path[Moved.Length..] : path).TrimEnd('x');
}
