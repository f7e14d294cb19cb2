using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary><c>[package]</c>: what the package says of itself.</summary>
public sealed class ManifestPackage
{
    public required PackageName Name { get; init; }

    public required PackageVersion Version { get; init; }

    /// <summary>May have several lines; empty while the author has not written one.</summary>
    public string Description { get; init; } = "";

    /// <summary>The name for people.</summary>
    public string? Title { get; init; }

    public LicenceExpression? Licence { get; init; }

    public string? Homepage { get; init; }

    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>What others may look the package up by.</summary>
    public ImmutableArray<string> Provides { get; init; } = [];

    /// <summary>What is taken from the project as it is: paths below it, of which a segment may have <c>*</c> in it, or be <c>**</c>.</summary>
    public ImmutableArray<string> Files { get; init; } = [];
}
