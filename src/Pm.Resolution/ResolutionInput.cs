using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Everything a resolution depends on: equal inputs give equal results.</summary>
public sealed record ResolutionInput
{
    /// <summary>Most conflicts that are gone through before it is given up: an index can be made so that there is no end of them.</summary>
    public const int DefaultMaximumConflicts = 200_000;

    public const int DefaultFarBack = 100;

    /// <summary>All that is wanted, not only what is new: what nothing here leads to is not part of the solution.</summary>
    public required ImmutableArray<Ask> Asks { get; init; }

    /// <summary>The known versions of a name; none when the name is unknown. Asked at most once a name, and only for names that the search meets.</summary>
    public required Func<PackageName, ICandidates> Candidates { get; init; }

    /// <summary>Told, before the first of them is asked for, of all names that are asked for next: whoever has to fetch can fetch them together.</summary>
    public Action<IReadOnlyList<PackageName>>? Upcoming { get; init; }

    /// <summary>The version to keep while nothing demands another: the installed or locked one; null to take what <see cref="Choice"/> says.</summary>
    public Func<PackageName, PackageVersion?> Kept { get; init; } = _ => null;

    /// <summary>The same for what is private to dependents: the tree as <see cref="Selection.Tree"/> has it, the name.</summary>
    public Func<string, PackageName, PackageVersion?> KeptApart { get; init; } = (_, _) => null;

    /// <summary>Names that look like an unknown one, for the hint.</summary>
    public Func<PackageName, IReadOnlyList<PackageName>> Suggestions { get; init; } = _ => [];

    /// <summary>The only candidate of a name, whatever is offered: it is vendored or patched; null: it is not.</summary>
    public Func<PackageName, Candidate?> Overrides { get; init; } = _ => null;

    public VersionChoice Choice { get; init; } = VersionChoice.Newest;

    public PrivateNeeds PrivateNeeds { get; init; } = PrivateNeeds.Unified;

    /// <summary>Whether packages may need each other in a ring. What is built has to come one after the other; what is only installed need not.</summary>
    public bool AllowsCycles { get; init; } = true;

    /// <summary>Null: no age is asked.</summary>
    public MinimumAge? MinimumAge { get; init; }

    public int MaximumConflicts { get; init; } = DefaultMaximumConflicts;

    /// <summary>
    /// Where a conflict leads back over more decisions than this, only the last is taken back: the others would be made again. It says how the search goes, not what there is to find.
    /// </summary>
    public int FarBack { get; init; } = DefaultFarBack;
}
