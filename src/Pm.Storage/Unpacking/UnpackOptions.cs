using Pm.Packages.Tar;
using Pm.Packages.Zip;

namespace Pm.Storage.Unpacking;

/// <summary>What an archive from outside may do, and how much. Source: docs/formats/unpacking.md.</summary>
public sealed record UnpackOptions
{
    public static UnpackOptions Default { get; } = new();

    public TarLimits Tar { get; init; } = TarLimits.Default;

    public ZipLimits Zip { get; init; } = ZipLimits.Default;

    /// <summary>Entries and the directories that they imply.</summary>
    public int MaximumEntries { get; init; } = 250_000;

    /// <summary>Bytes of all files, holes included.</summary>
    public long MaximumTotalBytes { get; init; } = 64L << 30;

    /// <summary>Directories above one entry.</summary>
    public int MaximumDepth { get; init; } = 1024;

    /// <summary>Bytes written for each byte of the archive, once <see cref="RatioFloor"/> is written. Deflate reaches 1032.</summary>
    public int MaximumRatio { get; init; } = 1000;

    /// <summary>Bytes that may be written whatever the ratio: a file of zeros is no attack.</summary>
    public long RatioFloor { get; init; } = 256L << 20;

    /// <summary>Set-user-id, set-group-id and sticky bits are kept.</summary>
    public bool AllowsSetId { get; init; }

    /// <summary>Devices, FIFOs and unknown entries are passed over and reported; else they are an error.</summary>
    public bool SkipsSpecial { get; init; }

    /// <summary>Files that were there before may be replaced. Directories never are.</summary>
    public bool Overwrites { get; init; }

    /// <summary>An absolute symbolic link is made relative, with the directory in place of <c>/</c>; else it is an error.</summary>
    public bool RewritesLinks { get; init; }
}
