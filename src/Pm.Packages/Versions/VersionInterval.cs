namespace Pm.Packages.Versions;

/// <summary>The versions between two cuts.</summary>
public readonly record struct VersionInterval(VersionCut Start, VersionCut End)
{
    public bool IsEmpty => Start >= End;

    /// <summary>Whether <paramref name="version"/> lies between the two.</summary>
    public bool Contains(PackageVersion version) => Start.IsBefore(version) && !End.IsBefore(version);
}
