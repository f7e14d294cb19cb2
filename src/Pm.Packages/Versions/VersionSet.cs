namespace Pm.Packages.Versions;

/// <summary>
/// A set of versions: intervals that releases have to lie in, and intervals that pre-releases have to lie in. Two, because <c>^1.2</c>
/// holds every release between 1.2 and 2 and none of the pre-releases between them, of which there is no end.
/// </summary>
/// <remarks>
/// Normalised: a bound among the pre-releases of a release says the same to releases as one before that release, and the other way
/// about. Union, intersection and complement are exact. Source: docs/formats/versions.md, "Requirements".
/// </remarks>
public sealed class VersionSet : IEquatable<VersionSet>
{
    VersionSet(VersionIntervals releases, VersionIntervals preReleases) => (Releases, PreReleases) = (releases, preReleases);

    /// <summary>No version.</summary>
    public static VersionSet None { get; } = new(VersionIntervals.None, VersionIntervals.None);

    /// <summary>Every version, pre-releases too.</summary>
    public static VersionSet All { get; } = new(VersionIntervals.All, VersionIntervals.All);

    /// <summary>Every release.</summary>
    public static VersionSet AllReleases { get; } = new(VersionIntervals.All, VersionIntervals.None);

    /// <summary>Where a release has to lie.</summary>
    public VersionIntervals Releases { get; }

    /// <summary>Where a pre-release has to lie.</summary>
    public VersionIntervals PreReleases { get; }

    public bool IsEmpty => Releases.IsEmpty && PreReleases.IsEmpty;

    /// <summary>This version as it is written, and none of the same precedence.</summary>
    public static VersionSet Exactly(PackageVersion version)
    {
        var one = VersionIntervals.Of([new VersionInterval(VersionCut.Before(version), VersionCut.After(version))]);
        return version.IsPreRelease ? new VersionSet(VersionIntervals.None, one) : new VersionSet(one, VersionIntervals.None);
    }

    /// <summary>Releases in the one, pre-releases in the other.</summary>
    public static VersionSet Of(VersionIntervals releases, VersionIntervals preReleases) => new(
        VersionIntervals.Of(releases.Items.Select(i => new VersionInterval(ForReleases(i.Start), ForReleases(i.End)))),
        VersionIntervals.Of(preReleases.Items.Select(i => new VersionInterval(ForPreReleases(i.Start), ForPreReleases(i.End)))));

    public VersionSet Union(VersionSet other) => new(Releases.Union(other.Releases), PreReleases.Union(other.PreReleases));

    public VersionSet Intersect(VersionSet other) => new(Releases.Intersect(other.Releases), PreReleases.Intersect(other.PreReleases));

    public VersionSet Complement() => new(Releases.Complement(), PreReleases.Complement());

    public bool Contains(PackageVersion version) => (version.IsPreRelease ? PreReleases : Releases).Contains(version);

    /// <summary>Whether <paramref name="other"/> has all that this has.</summary>
    public bool IsSubsetOf(VersionSet other) => Intersect(other).Equals(this);

    /// <summary>Whether they have anything in common.</summary>
    public bool Overlaps(VersionSet other) => !Intersect(other).IsEmpty;

    public bool Equals(VersionSet? other) =>
        other is not null && Releases.Equals(other.Releases) && PreReleases.Equals(other.PreReleases);

    public override bool Equals(object? obj) => Equals(obj as VersionSet);

    public override int GetHashCode() => HashCode.Combine(Releases, PreReleases);

    static VersionCut ForReleases(VersionCut cut) =>
        cut.Key is { IsPreRelease: true } key ? VersionCut.Before(key.Release) : cut;

    static VersionCut ForPreReleases(VersionCut cut) =>
        cut.Key is { IsPreRelease: false } key ? VersionCut.Before(key) : cut;
}
