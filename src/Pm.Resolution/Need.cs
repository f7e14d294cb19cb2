using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Resolution;

/// <summary>A package that somebody or another package needs, and which versions of it will do.</summary>
public sealed record Need(PackageName Name, VersionRequirement Versions)
{
    /// <summary>Whether the dependent is content with one of its own, whatever version others have.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>What stands under <c>deps:</c>: any version, or exactly one.</summary>
    public static Need Of(Dependency dependency) => new(
        dependency.Name, dependency.Exact is { } exact ? VersionRequirement.Exactly(exact) : VersionRequirement.Any);

    /// <summary><c>lib</c>, <c>lib@1.0</c> or <c>lib ^1.2</c>.</summary>
    public override string ToString() =>
        Versions.IsAny ? Name.Text : Versions.Exact is not null ? $"{Name.Text}{Versions}" : $"{Name.Text} {Versions}";
}
