using System.Globalization;
using Pm.Linux;

namespace Pm.Torture.Gear;

/// <summary>
/// A directory with all that a verb may touch: roots, store, repository, working directory. It is prepared once and copied
/// back before every trial; paths in it are absolute, so each worker has a place of its own.
/// </summary>
sealed class Place : IDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    readonly IDisposable _duty;

    /// <param name="executable">pm, as it is shipped.</param>
    /// <param name="above">The directory to make it in; null: memory where there is enough of it, else TMPDIR.</param>
    public Place(string executable, string? above = null)
    {
        Executable = executable;
        Top = Path.Combine(above ?? UsualDirectory(), "pmt-" + Path.GetRandomFileName()[..8]);
        Gpg = Path.Combine(UsualDirectory(), Path.GetFileName(Top) + "-g");
        _duty = Ending.Duty(Clear);
        Directory.CreateDirectory(Live);
        Directory.CreateDirectory(Gpg, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(Top, "pm"), executable);
    }

    public string Executable { get; }

    public string Top { get; }

    /// <summary>What is copied back before each trial.</summary>
    public string Live => Path.Combine(Top, "l");

    public string Root => Path.Combine(Live, "root");

    public string Application => Path.Combine(Live, "app");

    public string Broken => Path.Combine(Live, "broken");

    public string Store => Path.Combine(Live, "store");

    public string Work => Path.Combine(Live, "w");

    public string Repository => Path.Combine(Work, "repo");

    /// <summary>Where a server tells its address.</summary>
    public string Ports => Path.Combine(Live, "run");

    string Base => Path.Combine(Top, "b");

    // A GnuPG home must leave room for a socket's name; and what signs is not what is tortured, nor loses its power.
    string Gpg { get; }

    public Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["HOME"] = Path.Combine(Live, "home"),
        ["PM"] = Path.Combine(Top, "pm"),
        ["PM_ROOT"] = Root,
        ["PM_STORE"] = Store,
        ["XDG_CONFIG_HOME"] = Path.Combine(Live, "home/.config"),
        ["GNUPGHOME"] = Gpg,
        ["TMPDIR"] = Path.Combine(Live, "tmp"),
        ["PM_BUILD_SCRATCH"] = Path.Combine(Live, "tmp"),
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        ["TZ"] = "UTC",
        ["LANG"] = "C.UTF-8",
        ["TERM"] = "dumb",
        ["TOP"] = Top,
        ["LIVE"] = Live,
    };

    /// <summary>Makes everything, and keeps a copy of it.</summary>
    public void Prepare()
    {
        foreach (var name in new[] { "w", "home", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(Live, name));
        }

        File.WriteAllText(Path.Combine(Work, "image"), SampleImage.Reference);
        Require(Shell(Preparation.Script));
        Keep();
    }

    /// <summary>Takes what is there now as what is copied back from now on.</summary>
    public void Keep() => Require(Shell("cd $TOP; rm -rf b; cp -a l b"));

    /// <summary>All as it was when it was kept.</summary>
    public void Restore() => Require(ChildProcess.Run(new ChildOptions
    {
        FileName = "/bin/sh",
        Arguments = ["-c", $"rm -rf '{Live}' && exec cp -a '{Base}' '{Live}'"],
        Environment = Environment,
    }));

    public ChildResult Pm(string line, params (string Name, string Value)[] variables) => Run(Words(line), variables);

    /// <summary>A command line of pm; a word `@FILE` is what stands in that file of the working directory.</summary>
    public IReadOnlyList<string> Words(string line) =>
    [
        Path.Combine(Top, "pm"),
        .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.StartsWith('@') ? File.ReadAllText(Path.Combine(Work, word[1..])).Trim() : word),
    ];

    public ChildResult Shell(string lines) => Run(["/bin/sh", "-euc", lines]);

    public ChildResult Run(IReadOnlyList<string> words, params (string Name, string Value)[] variables)
    {
        Ending.Pause();
        var environment = Environment;
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return ChildProcess.Run(new ChildOptions
        {
            FileName = words[0],
            Arguments = [.. words.Skip(1)],
            Environment = environment,
            WorkingDirectory = Directory.Exists(Work) ? Work : Top,
            Timeout = Longest,
        });
    }

    public static void Require(ChildResult result)
    {
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{result}: {result.OutputText}{result.ErrorText}"));
        }
    }

    public void Dispose()
    {
        _duty.Dispose();
        Clear();
    }

    void Clear() => ChildProcess.Run(new ChildOptions
    {
        FileName = "/bin/sh",
        Arguments = ["-c", $"gpgconf --homedir '{Gpg}' --kill all 2>/dev/null; chmod -R u+rwX '{Top}' 2>/dev/null; rm -rf '{Top}' '{Gpg}'"],
        Environment = Environment,
    });

    /// <summary>PM_TORTURE_DIR, else memory: nothing here is about what a disk keeps, and a sync costs nothing there.</summary>
    static string UsualDirectory()
    {
        const string Memory = "/dev/shm";
        const long Enough = 256 << 20;
        var given = System.Environment.GetEnvironmentVariable("PM_TORTURE_DIR");
        return given is { Length: > 0 } ? given
            : Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > Enough && CanRunIn(Memory) ? Memory
            : Path.GetTempPath();
    }

    /// <summary>Hooks are run from it, which a mount option may forbid.</summary>
    static bool CanRunIn(string directory)
    {
        var probe = Path.Combine(directory, "pmt-probe-" + Path.GetRandomFileName());
        try
        {
            File.WriteAllText(probe, "#!/bin/sh\n");
            File.SetUnixFileMode(probe, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return ChildProcess.Run(new ChildOptions { FileName = probe }).IsSuccess;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SystemCallException)
        {
            return false;
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
