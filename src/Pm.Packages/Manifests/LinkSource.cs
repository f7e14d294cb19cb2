namespace Pm.Packages.Manifests;

/// <summary>What an URL has, whatever that is: an archive or a single file. Which bytes were meant is said by the lockfile, as an <see cref="ArchiveSource"/>.</summary>
public sealed record LinkSource(string Url) : PackageSource
{
    /// <summary>Whether a source is what this one was found to be.</summary>
    public bool IsPinnedBy(PackageSource source) => source is ArchiveSource archive && archive.Url == Url;
}
