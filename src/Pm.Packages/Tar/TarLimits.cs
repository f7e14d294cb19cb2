namespace Pm.Packages.Tar;

/// <summary>How much an archive may ask of its reader. Each is checked before memory or time is spent.</summary>
public sealed record TarLimits
{
    /// <summary>PATH_MAX of Linux without its terminator: a longer name cannot be opened. Source: limits.h.</summary>
    public const int LongestPath = 4095;

    public static TarLimits Default { get; } = new();

    /// <summary>Entries, each of which costs a system call or two.</summary>
    public int MaximumEntries { get; init; } = 250_000;

    /// <summary>Sum of the sizes of all entries, holes included.</summary>
    public long MaximumTotalBytes { get; init; } = 64L << 30;

    /// <summary>Size of one entry, holes included.</summary>
    public long MaximumEntryBytes { get; init; } = 32L << 30;

    /// <summary>Bytes of one name or link target.</summary>
    public int MaximumNameBytes { get; init; } = LongestPath;

    /// <summary>Length of all names and targets together: whoever unpacks keeps them in memory.</summary>
    public long MaximumNames { get; init; } = 64L << 20;

    /// <summary>Bytes of all extension headers (pax, GNU long names) before one entry.</summary>
    public int MaximumHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Extension headers before one entry.</summary>
    public int MaximumHeaders { get; init; } = 64;

    /// <summary>Pieces of data in one sparse file.</summary>
    public int MaximumSparseSegments { get; init; } = 100_000;

    /// <summary>Zero bytes, or ignored bytes, after the end mark.</summary>
    public long MaximumTrailingBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Anything but zeros after the end mark is an error: where a signature covers the entries, no byte may hide.
    /// Otherwise it is ignored, as GNU tar, bsdtar and Python do.
    /// </summary>
    public bool RefusesTrailingData { get; init; }
}
