using Pm.Cli.Configuration;
using Pm.Cli.Output;
using Pm.Remotes.Http;
using Pm.Resolution;

namespace Pm.Cli;

/// <summary>The world as a command may see it: made once in <c>Program.cs</c>, or by a test.</summary>
sealed record PmContext
{
    public required TimeProvider Time { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute.</summary>
    public required string WorkingDirectory { get; init; }

    public required Random Random { get; init; }

    public required Terminal Terminal { get; init; }

    public required uint EffectiveUserId { get; init; }

    /// <summary>The name that this program was called by: the last part of argv[0].</summary>
    public required string InvokedAs { get; init; }

    /// <summary>The file of this program, links resolved.</summary>
    public required string ExecutablePath { get; init; }

    /// <summary>How slowly a server may answer.</summary>
    public TransferLimits Transfer { get; init; } = new();

    /// <summary>Raised by ^C, SIGTERM and SIGHUP: undo, then end with 130.</summary>
    public CancellationToken Cancellation { get; init; }

    public required Settings Settings { get; init; }

    /// <summary>Where the settings come from; for those that only some commands ask for.</summary>
    public SettingSources Sources { get => field ??= new SettingSources(this); init; }

    /// <summary>How old a version has to be to be chosen; null: it may be new.</summary>
    public MinimumAge? MinimumAge => Settings.MinimumAge > TimeSpan.Zero ? new MinimumAge(Time.GetUtcNow(), Settings.MinimumAge) : null;

    /// <summary>Where this machine's configuration is.</summary>
    public string SystemDirectory { get; init; } = "/etc/pm";

    /// <summary>Whether another program may take the place of this process; not inside a test.</summary>
    public bool OwnsProcess { get; init; }

    /// <summary>What was typed, on one line and with nothing in it that steers a terminal: generations and locks keep it.</summary>
    public string CommandLine { get; init; } = Product.Name;

    /// <summary>The command that runs, with what has to stand before its packages, for hints that say it once more: <c>run</c>, <c>export npm</c>.</summary>
    public string Verb { get; init; } = "install";

    /// <summary>A variable of the environment, or null when it is not set or empty.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The absolute path of a path from the command line.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, WorkingDirectory);
}
