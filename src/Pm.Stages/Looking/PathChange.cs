using Pm.Packages;

namespace Pm.Stages.Looking;

/// <summary>What differs at one path; one of the two is null when it comes or goes.</summary>
public sealed record PathChange(PackageEntry? Old, PackageEntry? New)
{
    public string Path => (New ?? Old)!.Path;
}
