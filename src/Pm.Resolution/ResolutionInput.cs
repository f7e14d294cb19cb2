using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Everything a resolution depends on: equal inputs give equal results.</summary>
public sealed record ResolutionInput
{
    /// <summary>All that is wanted, not only what is new: what nothing here leads to is not part of the solution.</summary>
    public required ImmutableArray<Ask> Asks { get; init; }

    /// <summary>The known versions of a name, newest first; empty when the name is unknown. Asked once a name.</summary>
    public required Func<PackageName, IReadOnlyList<Candidate>> Candidates { get; init; }

    /// <summary>The version to keep while nothing demands another: the installed one; null to take the newest.</summary>
    public Func<PackageName, PackageVersion?> Kept { get; init; } = _ => null;

    /// <summary>Names that look like an unknown one, for the hint.</summary>
    public Func<PackageName, IReadOnlyList<PackageName>> Suggestions { get; init; } = _ => [];
}
