using System.Diagnostics.CodeAnalysis;
using Pm.Cli.Output;

namespace Pm.Cli;

/// <summary>What flags and <c>PM_*</c> variables decided for this run; flags win.</summary>
sealed record Settings
{
    /// <summary>The root to work on, absolute.</summary>
    /// <exception cref="CommandException">None was named, and without HOME there is no default (PM1008).</exception>
    [AllowNull]
    public string Root { get => field ?? throw DefaultPaths.Homeless(); init; }

    /// <summary>Whether the root was named (flag or PM_ROOT) and is not the default of this user.</summary>
    public bool RootIsNamed { get; init; }

    /// <summary>Whether <c>--root</c> was given: then no project is meant.</summary>
    public bool RootIsGiven { get; init; }

    /// <summary>The directory of the project that <c>--project</c> names, absolute; null: it was not given.</summary>
    public string? Project { get; init; }

    /// <summary>The store of this user, absolute; PM_STORE moves it.</summary>
    /// <exception cref="CommandException">None was named, and without HOME there is no default (PM1008).</exception>
    [AllowNull]
    public string Store { get => field ?? throw DefaultPaths.Homeless(); init; }

    /// <summary>Where sources and builds of this user are kept, which can be had again, absolute; PM_CACHE moves it.</summary>
    /// <exception cref="CommandException">None was named, and without HOME there is no default (PM1008).</exception>
    [AllowNull]
    public string Cache { get => field ?? throw DefaultPaths.Homeless(); init; }

    /// <summary>One JSON document on standard output in place of text.</summary>
    public bool Json { get; init; }

    /// <summary>Say what would be done and touch nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Every question is answered with yes.</summary>
    public bool Yes { get; init; }

    /// <summary>Never ask; fail with exit code 2 where an answer is needed.</summary>
    public bool NoInput { get; init; }

    /// <summary>Only errors on standard error.</summary>
    public bool Quiet { get; init; }

    /// <summary>Each request over the network, on standard error.</summary>
    public bool Verbose { get; init; }

    /// <summary>Use only what is on this machine.</summary>
    public bool Offline { get; init; }

    /// <summary>The proxy that leads to remotes, or <c>none</c>; null: what the environment says.</summary>
    public string? Proxy { get; init; }

    /// <summary>The authorities whose certificates are believed, absolute; null: the machine's.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Requests that are under way at once.</summary>
    public int Jobs { get; init; } = 8;

    public ProgressStyle Progress { get; init; }

    /// <summary>How long a version has to be published before it is chosen; zero: not at all.</summary>
    public TimeSpan MinimumAge { get; init; }

    /// <summary>How long to wait for another pm that holds the lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
