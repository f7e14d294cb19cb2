namespace Pm.Packages.Zip;

/// <summary>One entry of the central directory, compared with its local header; its path has not been judged.</summary>
public sealed class ZipEntry
{
    /// <summary>The name without slashes at its end; <see cref="PathText"/> for names that are not UTF-8.</summary>
    public required string Path { get; init; }

    public required ZipEntryKind Kind { get; init; }

    /// <summary>Permission bits with set-uid, set-gid and sticky (0..07777); a default where the archive has none.</summary>
    public int Mode { get; init; }

    /// <summary>Bytes of content.</summary>
    public long Size { get; init; }

    public long CompressedSize { get; init; }

    public DateTimeOffset? Modified { get; init; }

    internal int Method { get; init; }

    internal uint Crc { get; init; }

    internal long HeaderOffset { get; init; }

    internal byte[] RawName { get; init; } = [];

    internal int Flags { get; init; }

    /// <summary>Where the compressed bytes begin; known once the local header was read.</summary>
    internal long DataOffset { get; set; }
}
