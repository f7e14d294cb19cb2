using System.Globalization;
using Pm.Linux;

namespace Pm.Stages.Sources;

/// <summary>
/// Runs git so that neither a repository nor a URL decides what is run: no prompt, no hook, no filter, no helper, no configuration but
/// this, no protocol but that of the URL. What it fetches it checks (fsck).
/// </summary>
sealed class GitProgram
{
    /// <summary>More than the ids of all files that a source may have.</summary>
    public const int OutputLimit = 128 << 20;

    /// <summary>Objects that say of themselves that they are large when they are put together from others, and what else a server makes git remember.</summary>
    const long MemoryLimit = 4L << 30;

    /// <summary>For a list of names, which git takes in whole: where it has no end, git ends here.</summary>
    const long ListMemoryLimit = 1L << 30;

    /// <summary>What names and padding of a tar take besides the content.</summary>
    const long ArchiveOverhead = 2L << 30;

    const int FileSizeSignal = 25; // SIGXFSZ

    /// <summary>What git says of an answer that leads elsewhere.</summary>
    const string Redirected = "The requested URL returned error: 30";

    const string OutOfMemory = "Out of memory";

    /// <summary>What a person's own ssh and proxies need.</summary>
    static readonly string[] Inherited = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "SSH_AUTH_SOCK"];

    static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.attributesFile=/dev/null", "core.askPass=", "core.bigFileThreshold=16m",
        "credential.helper=", "protocol.ext.allow=never", "protocol.version=2", "http.followRedirects=false", "fetch.fsckObjects=true", "transfer.fsckObjects=true", "transfer.bundleURI=false", "fetch.unpackLimit=1",
        "fetch.recurseSubmodules=false", "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false", "tar.umask=0022",

        // As address space they count as memory, a gigabyte each where nothing is said.
        "core.packedGitWindowSize=64m", "core.packedGitLimit=1g",

        // What programs of long ago wrote wrongly, and what harms nobody.
        "fetch.fsck.zeroPaddedFilemode=ignore", "fetch.fsck.missingSpaceBeforeDate=ignore", "fetch.fsck.zeroPaddedDate=ignore",
        "fetch.fsck.badTimezone=ignore",
    ];

    readonly SourceOptions _options;
    readonly string _program;

    /// <summary>Where a URL led when it was last asked, which git is given in its place: it follows nothing itself.</summary>
    readonly Dictionary<string, string> _places = [];

    /// <exception cref="StageException">PM7209: there is none.</exception>
    public GitProgram(SourceOptions options)
    {
        _options = options;
        var path = options.Environment.GetValueOrDefault("PATH");
        _program = ProgramPath.Find("git", path) ?? throw SourceFault.NoGit(path);
    }

    /// <summary>Runs a git that reaches nobody.</summary>
    /// <param name="repository">Of its own; null: none.</param>
    /// <param name="arguments">Never text from outside where an option can stand.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellation">Ends it.</param>
    public ChildResult Run(string? repository, string[] arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation) =>
        ChildProcess.Run(Options(repository, arguments, input, EnvironmentOf(repository), _options.ContentLimit + ArchiveOverhead), cancellation);

    /// <summary>Runs a git that reaches the place of a URL, which it knows as <c>origin</c>.</summary>
    /// <param name="url">https, http, ssh or file.</param>
    /// <param name="repository">Where it puts what it brings; null: it only asks.</param>
    /// <param name="arguments">Never text from outside where an option can stand.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageException">PM7205: the server says nothing.</exception>
    /// <exception cref="Pm.Remotes.RemoteException">PM6014: a redirect was refused.</exception>
    public ChildResult Reach(string url, string? repository, string[] arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var result = ReachPlace(_places.GetValueOrDefault(url, url), repository, arguments, input, cancellation);
        if (result.IsSuccess || !url.StartsWith("http", StringComparison.Ordinal) || !result.ErrorText.Contains(Redirected, StringComparison.Ordinal))
        {
            return result;
        }

        _places[url] = new GitRedirect(_options.Http()).Follow(url, cancellation);
        return ReachPlace(_places[url], repository, arguments, input, cancellation);
    }

    ChildResult ReachPlace(string url, string? repository, string[] arguments, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        var environment = EnvironmentOf(repository);
        var scheme = url[..url.IndexOf(':', StringComparison.Ordinal)];

        // It goes nowhere else.
        environment["GIT_ALLOW_PROTOCOL"] = scheme;
        var more = new List<string> { $"remote.origin.url={url}" };
        if (scheme is "http" or "https")
        {
            SetHttp(url, environment, more);
        }
        else
        {
            // A variable of the person's own would run whatever stands in it.
            environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes -o ConnectTimeout=15";
            environment["GIT_SSH_VARIANT"] = "ssh";
        }

        using var watch = new GitWatch(_options.Time, scheme == "ssh" ? _options.Http().Transfer.Window : Timeout.InfiniteTimeSpan, cancellation);
        var options = Options(repository, [.. more.SelectMany(m => new[] { "-c", m }), .. arguments], input, environment, _options.FetchLimit) with
        {
            MemoryLimit = repository is null ? ListMemoryLimit : MemoryLimit,
            Started = watch.Follow,
        };
        try
        {
            return ChildProcess.Run(options, watch.Over);
        }
        catch (OperationCanceledException) when (watch.IsSilent && !cancellation.IsCancellationRequested)
        {
            throw SourceFault.GitFailed(url, string.Create(CultureInfo.InvariantCulture, $"nothing was heard of it for {_options.Http().Transfer.Window.TotalSeconds:0.#} seconds"));
        }
    }

    void SetHttp(string url, Dictionary<string, string> environment, List<string> settings)
    {
        var http = _options.Http();
        settings.Add(string.Create(CultureInfo.InvariantCulture, $"http.lowSpeedLimit={http.Transfer.MinimumRate}"));
        settings.Add(string.Create(CultureInfo.InvariantCulture, $"http.lowSpeedTime={Math.Max(1, (int)http.Transfer.Window.TotalSeconds)}"));

        // Else a line `default` of .netrc there would be for every server that asks.
        environment["HOME"] = "/dev/null";
        if (http.Proxies.For(new Uri(url)) is { } proxy)
        {
            // Not an argument: those are seen by everybody.
            environment["http_proxy"] = environment["https_proxy"] = proxy.Secret;
        }

        if (http.CertificateFile is { } certificates)
        {
            settings.Add($"http.sslCAInfo={certificates}");
        }
    }

    Dictionary<string, string> EnvironmentOf(string? repository)
    {
        var environment = new Dictionary<string, string>
        {
            ["LC_ALL"] = "C",
            ["GIT_ALLOW_PROTOCOL"] = "none",
            ["GIT_ASKPASS"] = "",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_NO_LAZY_FETCH"] = "1",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["SSH_ASKPASS"] = "",
            ["SSH_ASKPASS_REQUIRE"] = "never",

            // Without one, git would look for a repository in the working directory, and read its configuration.
            ["GIT_DIR"] = repository ?? "/dev/null",
        };
        foreach (var name in Inherited)
        {
            if (_options.Environment.TryGetValue(name, out var value))
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    ChildOptions Options(string? repository, string[] arguments, ReadOnlyMemory<byte> input, Dictionary<string, string> environment, long fileLimit) => new()
    {
        FileName = _program,
        Arguments = [.. Settings.SelectMany(s => new[] { "-c", s }), .. arguments],
        Environment = environment,
        WorkingDirectory = repository ?? "/",
        Input = input,
        OutputLimit = OutputLimit,
        EndsAtOutputLimit = true,
        FileSizeLimit = fileLimit,
        MemoryLimit = MemoryLimit,
        Timeout = _options.TimeLimit,
    };

    /// <summary>What a run that failed for its limits says; null: for something else.</summary>
    /// <param name="result">What came of it.</param>
    /// <param name="repository">Where it wrote what it fetched.</param>
    public string? LimitOf(ChildResult result, string? repository) =>
        result.HasTimedOut ? string.Create(CultureInfo.InvariantCulture, $"no end within {_options.TimeLimit.TotalMinutes:0.#} minutes")
        : result.IsOutputCut ? string.Create(CultureInfo.InvariantCulture, $"it lists more than {OutputLimit} bytes")
        : result.ErrorText.Contains(OutOfMemory, StringComparison.Ordinal) ? "what came does not fit into the memory that git is given"
        : IsTooLarge(result, repository) ? string.Create(CultureInfo.InvariantCulture, $"more than {_options.FetchLimit} bytes")
        : null;

    /// <summary>The program that git starts to write a pack is ended by the kernel without a word; what it wrote stays.</summary>
    bool IsTooLarge(ChildResult result, string? repository) =>
        result.ErrorText.Contains("File too large", StringComparison.Ordinal) || result.Signal == FileSizeSignal
        || (repository is not null && new DirectoryInfo(Path.Join(repository, "objects/pack")) is { Exists: true } packs
            && packs.EnumerateFiles().Any(f => f.Length >= _options.FetchLimit));
}
