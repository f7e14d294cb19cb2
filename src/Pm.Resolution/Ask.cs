using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Why a package is wanted by somebody and not merely needed by another package.</summary>
public enum AskReason
{
    /// <summary>Named on this command line.</summary>
    Named,

    /// <summary>Asked for earlier; its generation says so.</summary>
    Installed,

    /// <summary>Held at its version by <c>pm pin</c>.</summary>
    Pinned,
}

/// <summary>A package that somebody wants, newest or exact.</summary>
public sealed record Ask(Dependency Wanted, AskReason Reason);
