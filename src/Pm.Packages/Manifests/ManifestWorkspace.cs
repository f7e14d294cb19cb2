using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary><c>[workspace]</c>: the directories of further packages, as patterns like those of <see cref="ManifestPackage.Files"/>.</summary>
public sealed class ManifestWorkspace
{
    public required ImmutableArray<string> Members { get; init; }

    /// <summary>Those of them that are none.</summary>
    public required ImmutableArray<string> Excluded { get; init; }
}
