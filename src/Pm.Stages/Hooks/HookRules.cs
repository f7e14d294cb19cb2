using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Stages.Hooks;

/// <summary>Whether the scripts of packages run, and what they may do then.</summary>
public sealed record HookRules
{
    /// <summary>None runs.</summary>
    public static HookRules None { get; } = new();

    public HookPolicy Policy { get; init; } = HookPolicy.Skip;

    /// <summary>Asked once for a package whether the scripts that are due may run; needed with <see cref="HookPolicy.Ask"/>.</summary>
    public Func<Package, IReadOnlyList<DueScript>, bool>? Ask { get; init; }

    /// <summary>Whether a script may do what the user may: it is not confined at all.</summary>
    public bool AllowsAll { get; init; }

    /// <summary>Whether a script may make sockets.</summary>
    public bool AllowsNetwork { get; init; }

    /// <summary>Absolute paths that a script may change beside the root.</summary>
    public ImmutableArray<string> Writable { get; init; } = [];
}
