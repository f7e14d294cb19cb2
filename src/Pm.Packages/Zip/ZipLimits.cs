namespace Pm.Packages.Zip;

/// <summary>How much a zip file may ask of its reader.</summary>
public sealed record ZipLimits
{
    public static ZipLimits Default { get; } = new();

    public int MaximumEntries { get; init; } = 250_000;

    /// <summary>Sum of the sizes of all entries.</summary>
    public long MaximumTotalBytes { get; init; } = 64L << 30;

    public long MaximumEntryBytes { get; init; } = 32L << 30;

    /// <summary>Bytes of one name or link target.</summary>
    public int MaximumNameBytes { get; init; } = Tar.TarLimits.LongestPath;

    /// <summary>Bytes of the central directory, which is read whole.</summary>
    public int MaximumDirectoryBytes { get; init; } = 128 << 20;
}
