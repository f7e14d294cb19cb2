using Pm.Stages.Hooks;

namespace Pm.Stages.Changes;

/// <summary>How a proposal is carried out.</summary>
public sealed record ChangeOptions
{
    /// <summary>The command line, kept in the generation.</summary>
    public required string Command { get; init; }

    /// <summary>When the generation is made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Who may sign what comes in.</summary>
    public required SignatureGate Gate { get; init; }

    public HookRules Hooks { get; init; } = HookRules.None;

    /// <summary>Use only what is on this machine.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Requests that are under way at once.</summary>
    public int Jobs { get; init; } = 8;

    public StageObserver Observer { get; init; } = StageObserver.None;
}
