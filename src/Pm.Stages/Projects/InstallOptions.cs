using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Projects;

/// <summary>How the packages of a project are brought and installed.</summary>
public sealed record InstallOptions
{
    /// <summary>The command line, kept in the generations.</summary>
    public required string Command { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Checks a signature and decides about its signer.</summary>
    public required Func<SignatureFiles?, SignerDecision> Decide { get; init; }

    /// <summary>Whether packages that nobody signed may come in.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>How a root of the project is opened: everything but its path.</summary>
    public required RootPlace Place { get; init; }

    public required WriterOptions Writer { get; init; }

    /// <summary>Where builds are kept: absolute.</summary>
    public required string BuildCache { get; init; }

    /// <summary>Where builds take place: absolute.</summary>
    public required string BuildScratch { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public HookRules Hooks { get; init; } = HookRules.None;

    public bool IsOffline { get; init; }

    public int Jobs { get; init; } = 8;

    public StageObserver Observer { get; init; } = StageObserver.None;

    internal ChangeOptions Changes(SignatureGate gate) => new()
    {
        Command = Command,
        Now = Now,
        Gate = gate,
        Hooks = Hooks,
        IsOffline = IsOffline,
        Jobs = Jobs,
        Observer = Observer,
    };
}
