using System.Collections.Immutable;
using Pm.Packages.Toml;
using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <summary>A package that this one needs.</summary>
public sealed class ManifestDependency
{
    public required PackageName Name { get; init; }

    public required DependencyScope Scope { get; init; }

    /// <summary>Which versions will do; <see cref="VersionRequirement.Any"/> when it says nothing.</summary>
    public required VersionRequirement Requirement { get; init; }

    public required PackageSource Source { get; init; }

    /// <summary>Features of it that are switched on.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Whether it is there only when a feature of this package asks for it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Which <c>[[module]]</c> brings it, from 0; null: it stands in a table of dependencies.</summary>
    public int? Module { get; init; }

    /// <summary>Its key in <see cref="Manifest.Document"/>, for messages.</summary>
    public required TomlSpan Key { get; init; }
}
