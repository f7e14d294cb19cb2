using System.Collections.Immutable;
using Pm.Packages;
using Pm.Resolution;

namespace Pm.Stages.Projects;

/// <summary>How versions are chosen for a project.</summary>
public sealed record LockOptions
{
    /// <summary>Names that go to their newest versions; all others keep theirs while they can.</summary>
    public ImmutableArray<PackageName> Updated { get; init; } = [];

    /// <summary>Whether everything goes to its newest version.</summary>
    public bool UpdatesAll { get; init; }

    /// <summary>The oldest versions that will do: so that lower bounds are seen to hold.</summary>
    public bool IsMinimal { get; init; }

    /// <summary>How old a version has to be; null: it may be new.</summary>
    public MinimumAge? MinimumAge { get; init; }

    /// <summary>Of the project, besides its default ones.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Names whose signer or digest may be another than the lockfile says.</summary>
    public ImmutableArray<PackageName> Accepted { get; init; } = [];

    /// <summary>Whether a name goes to its newest version.</summary>
    public bool Updates(PackageName name) => UpdatesAll || Updated.Contains(name);
}
