using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pm.Remotes.Http;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Pm.Stages.Tests.Sources;
using Xunit;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A project with a program of a git repository, whose server a test then makes lie.</summary>
sealed class GitStory : IAsyncDisposable
{
    const string OutsideHost = "far.test";

    readonly string _directory = Directory.CreateDirectory(Path.Join(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"pm-hostile-{Guid.NewGuid():N}")).FullName;

    readonly ManualClock _clock = new();
    readonly SampleAuthority? _authority;
    readonly X509Certificate2? _certificate;
    readonly SampleProxy? _proxy;

    public GitStory(bool isEncrypted = false, bool isOutside = false)
    {
        Upstream = new GitRepository(Path.Join(_directory, "upstream"));
        Another = new GitRepository(Path.Join(_directory, "another"));
        Another.Write("a", "1").Commit();
        Gateway = new GitGateway(() => Path.Join(Upstream.Directory, ".git"));
        if (isEncrypted)
        {
            // Git looks at a clock of its own.
            _clock.Advance(DateTimeOffset.UtcNow - _clock.GetUtcNow());
            _authority = new SampleAuthority(_clock.GetUtcNow());
            File.WriteAllText(Path.Join(_directory, "ca.pem"), _authority.Pem);
            _certificate = _authority.Issue("127.0.0.1", -300, 300);
        }

        Server = new LyingServer(_ => null, _certificate) { Gateway = Gateway.Answer };
        Mirror = new LyingServer(_ => null, _certificate) { Gateway = Gateway.Answer };
        Open = new LyingServer(_ => null) { Gateway = Gateway.Answer };
        if (isOutside)
        {
            _proxy = new SampleProxy(Server.Port);
            Environment["PM_PROXY"] = $"http://127.0.0.1:{_proxy.Port}";
        }

        Location = (isOutside ? $"http://{OutsideHost}" : Server.Url) + $"/{GitGateway.Name}";

        // What curl would send to whoever asks for it.
        File.WriteAllText(Path.Join(_directory, ".netrc"), "default login pat password secret\n");
        PublishNext();
    }

    public GitRepository Upstream { get; }

    public GitRepository Another { get; }

    public GitGateway Gateway { get; }

    public LyingServer Server { get; }

    /// <summary>The same repository on another server.</summary>
    public LyingServer Mirror { get; }

    /// <summary>The same, never encrypted.</summary>
    public LyingServer Open { get; }

    /// <summary>The repository, as messages call it.</summary>
    public string Location { get; }

    /// <summary>All that was said to a person since the last question.</summary>
    public string Talk { get; private set; } = "";

    /// <summary>What pm is told to do; null: to update.</summary>
    public string[]? Command { get; set; }

    /// <summary>Whether who is slow is waited for a second only: git has a clock of its own, which no test moves.</summary>
    public bool IsHasty { get; set; }

    public Dictionary<string, string> Environment { get; } = [];

    public int Version { get; private set; }

    public string Published => $"lib {Version}";

    string Project => Path.Join(_directory, "project");

    string Sources => Path.Join(_directory, "cache", "sources");

    /// <summary>What the installed program would print.</summary>
    public string Installed => File.ReadAllLines(Directory.EnumerateFiles(Project, "lib", SearchOption.AllDirectories).First())[1]["echo ".Length..];

    public IReadOnlyList<string> Errors => [.. Talk.Split('\n').Where(line => line.Contains("error[", StringComparison.Ordinal))];

    /// <summary>The project is locked and installed.</summary>
    /// <param name="reference">What of the repository it follows.</param>
    public async Task BeginAsync(string reference = "branch = \"main\"")
    {
        Directory.CreateDirectory(Project);
        File.WriteAllText(Path.Join(Project, "pm.toml"), $"[dependencies]\nlib = {{ git = \"{Location}\", {reference} }}\n");
        Talk = "";
        var exit = await RunAsync("install");
        Assert.True(exit == ExitCode.Ok, $"{exit}\n{Talk}");
        Assert.Equal(Published, Installed);
    }

    /// <summary>Commits the next version.</summary>
    public void PublishNext(string name = "lib")
    {
        Version++;
        Upstream.Write("pm.toml", $"[package]\nname = \"{name}\"\nversion = \"{Version}.0.0\"\nfiles = [\"bin/*\"]\n")
            .Write("bin/lib", $"#!/bin/sh\necho {Published}\n").Write("data", new string((char)('a' + (Version % 26)), 3000)).Commit();
    }

    public void Return()
    {
        foreach (var server in (LyingServer[])[Server, Mirror, Open])
        {
            server.LieAlways = null;
            server.LiesTo = _ => true;
        }

        Server.Certificate = _certificate;
        IsHasty = false;
    }

    /// <summary>As if it was another machine, which has only the project.</summary>
    public void ForgetSources() => Directory.Delete(Sources, recursive: true);

    /// <summary>What another repository would answer.</summary>
    public Task OfAnotherRepositoryAsync(LyingAnswer answer) =>
        Lies.Another(_ => new GitGateway(() => Path.Join(Another.Directory, ".git")).Answer(answer.Request)?.Content ?? [])(answer);

    /// <summary>Shows a certificate from now on.</summary>
    public Lie? Show(Func<SampleAuthority, X509Certificate2> issue)
    {
        Server.Certificate = issue(_authority!);
        return null;
    }

    public Task<ExitCode> UpdateAsync()
    {
        Talk = "";
        return RunAsync(Command ?? ["update"]);
    }

    /// <summary>Runs pm in the project.</summary>
    async Task<ExitCode> RunAsync(params string[] words)
    {
        var environment = new Dictionary<string, string>(Environment, StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["PM_ROOT"] = Path.Join(_directory, "root"),
            ["PM_STORE"] = Path.Join(_directory, "store"),
            ["PM_CACHE"] = Path.Join(_directory, "cache"),
        };
        if (_authority is not null)
        {
            environment["PM_CA_FILE"] = Path.Join(_directory, "ca.pem");
        }

        using var world = new World(environment: environment, clock: _clock);
        world.Context = world.Context with { WorkingDirectory = Project, Transfer = IsHasty ? new TransferLimits { Window = TimeSpan.FromSeconds(1) } : new TransferLimits() };
        var exit = await Task.Run(() => world.RunAsync(words), TestContext.Current.CancellationToken);
        Talk += world.Talk;
        return exit;
    }

    /// <summary>Each file of the project, with a digest of its bytes, and what is left of an attempt in the cache.</summary>
    public string State()
    {
        var state = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Project, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            state.Append(Path.GetRelativePath(_directory, file)).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        }

        foreach (var left in Directory.EnumerateFileSystemEntries(_directory, ".pm-tmp-*", SearchOption.AllDirectories))
        {
            state.AppendLine(left);
        }

        return state.ToString();
    }

    /// <summary>All bytes of sources that pm keeps.</summary>
    public long Kept => new DirectoryInfo(Sources) is { Exists: true } sources ? sources.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.LinkTarget is null ? f.Length : 0) : 0;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (LyingServer[])[Server, Mirror, Open])
        {
            await server.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        _authority?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
