namespace Pm.Cli.Tests.Gear;

/// <summary>A directory of its own for a case, with a fixed environment; gone when the case ends.</summary>
/// <remarks>Its path is short: a GnuPG home must leave room for a socket's name.</remarks>
sealed class Sandbox : IDisposable
{
    const int Nobody = 65534;

    public Sandbox(string? input)
    {
        Top = Path.Combine("/tmp", "pmc-" + Path.GetRandomFileName()[..8]);
        foreach (var directory in new[] { Top, Work, Path.Combine(Top, "home"), Path.Combine(Top, "bin"), Path.Combine(Top, "tmp") })
        {
            Directory.CreateDirectory(directory);
        }

        Directory.CreateDirectory(Gpg, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Directory.Exists(input))
        {
            Shell($"cp -a '{input}/.' .");
        }
    }

    public string Top { get; }

    /// <summary>What stands before a command so that it runs as an ordinary user; empty: as who runs the tests.</summary>
    public IReadOnlyList<string> As { get; private set; } = [];

    /// <summary>The working directory of the case.</summary>
    public string Work => Path.Combine(Top, "w");

    public string Bin => Path.Combine(Top, "bin");

    /// <summary>What a case has beyond its environment, by and by: where its server listens.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    string Gpg => Path.Combine(Top, "g");

    public Dictionary<string, string> Environment => new(Fixed.Concat(Variables), StringComparer.Ordinal);

    /// <summary>What stands in a case for what differs from run to run.</summary>
    public IEnumerable<(string Token, string Value)> Names =>
    [
        ("[DIR]", Work), ("[ROOT]", Path.Combine(Top, "root")), ("[STORE]", Path.Combine(Top, "store")),
        ("[HOME]", Path.Combine(Top, "home")), ("[SANDBOX]", Top), ("[VERSION]", Product.Version),
        .. Variables.Where(variable => variable.Key == "SERVER").Select(variable => ("[SERVER]", variable.Value)),
    ];

    Dictionary<string, string> Fixed => new(StringComparer.Ordinal)
    {
        ["HOME"] = Path.Combine(Top, "home"),
        ["PM_ROOT"] = Path.Combine(Top, "root"),
        ["PM_STORE"] = Path.Combine(Top, "store"),
        ["PM_CACHE"] = Path.Combine(Top, "cache"),
        ["XDG_CONFIG_HOME"] = Path.Combine(Top, "home/.config"),
        ["XDG_DATA_HOME"] = Path.Combine(Top, "home/.local/share"),
        ["XDG_CACHE_HOME"] = Path.Combine(Top, "home/.cache"),
        ["XDG_STATE_HOME"] = Path.Combine(Top, "home/.local/state"),
        ["GNUPGHOME"] = Gpg,
        ["TMPDIR"] = Path.Combine(Top, "tmp"),
        ["PATH"] = Bin + ":" + Case.Tools + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        ["TZ"] = "UTC",
        ["LANG"] = "C.UTF-8",
        ["TERM"] = "dumb",
        ["DIR"] = Work,
        ["SANDBOX"] = Top,
    };

    /// <summary>Runs a line in /bin/sh in the working directory.</summary>
    public StepResult Shell(string line) => Run(["/bin/sh", "-euc", line], Environment, null);

    /// <summary>Runs a program in the working directory.</summary>
    public StepResult Run(IEnumerable<string> command, IReadOnlyDictionary<string, string> environment, byte[]? input)
    {
        string[] words = [.. As, .. command];
        return ProcessRun.Run(words[0], words[1..], Work, environment, input);
    }

    /// <summary>From now on all belongs to, and is done by, a user who is not root.</summary>
    public void LeaveRoot()
    {
        Shell($"chown -R {Nobody}:{Nobody} '{Top}'");
        As = ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"];
    }

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Gpg, "S.gpg-agent")))
        {
            _ = ProcessRun.Run("/usr/bin/gpgconf", ["--homedir", Gpg, "--kill", "all"], Top, Environment, null);
        }

        // Trees that pm made read-only are still ours to remove.
        _ = ProcessRun.Run("/bin/sh", ["-c", $"chmod -R u+rwX '{Top}' 2>/dev/null; rm -rf '{Top}'"], "/", Environment, null);
    }
}
