using Pm.Packages.Pkg;

namespace Pm.Repositories.Uploads;

/// <summary>How much strangers with a token may lay down in a repository.</summary>
public sealed record UploadLimits
{
    /// <summary>How many times its size a package may become: text of little variety does ten times.</summary>
    const int MostExpansion = 16;

    /// <summary>What is read of a package before it is known whose it is: the members beside its files.</summary>
    const long MostMetaBytes = 64 << 20;
    const long MostManifestBytes = 4 << 20;

    /// <summary>Of one <c>.pkg</c>, in bytes.</summary>
    public long PackageSize { get; init; } = 4L << 30;

    /// <summary>Of what one <c>.pkg</c> becomes when it is expanded, in bytes.</summary>
    public long ExpandedSize => PackageSize > long.MaxValue / MostExpansion ? long.MaxValue : PackageSize * MostExpansion;

    /// <summary>Of everything that lies there unpublished, in bytes.</summary>
    public long StagedSize { get; init; } = 32L << 30;

    /// <summary>How many uploads of one token may be unfinished at a time.</summary>
    public int UnfinishedUploads { get; init; } = 64;

    /// <summary>How many files may lie there, finished or not: each costs the file system an inode, however short it is.</summary>
    public int StagedUploads { get; init; } = 10_000;

    /// <summary>Of the two before, what one token takes at most: three quarters leave something to the others.</summary>
    internal (long Size, int Count) OfToken => (StagedSize - (StagedSize / 4), StagedUploads - (StagedUploads / 4));

    /// <summary>How many packages one request publishes at most.</summary>
    public int PackagesPerRequest { get; init; } = 1000;

    /// <summary>How long an upload is kept that nobody publishes or goes on with.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>For a package of strangers.</summary>
    internal PkgLimits OfPackage => PkgLimits.Default with
    {
        MaximumMetaBytes = MostMetaBytes,
        MaximumManifestBytes = MostManifestBytes,
        MaximumContentBytes = ExpandedSize,
    };
}
