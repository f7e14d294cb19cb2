using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Resolution;
using Pm.Stages.Sources;

namespace Pm.Stages.Projects;

/// <summary>A package that is built from source here: checked out, its manifest read.</summary>
public sealed record SourcePackage
{
    public required PackageId Id { get; init; }

    /// <summary>As the lockfile writes it: a path is relative to the project.</summary>
    public required PackageSource Source { get; init; }

    public required CheckedOutSource Checkout { get; init; }

    /// <summary>What its author wrote; for a source without one, what pm takes in its place.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>What it needs; what only its build needs is private.</summary>
    public required ImmutableArray<Need> Needs { get; init; }

    /// <summary>Who needs it: for messages.</summary>
    public required string RequiredBy { get; init; }

    /// <summary>For the resolver.</summary>
    public Candidate ToCandidate() => new(Id, Needs, IsYanked: false) { Equivalence = Checkout.Commit };
}
