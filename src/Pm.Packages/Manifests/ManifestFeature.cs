using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary>Something that can be switched on, with the features and optional dependencies that it brings; <c>default</c> is on unless it is switched off.</summary>
public sealed class ManifestFeature
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Brings { get; init; }
}
