namespace Pm.Packages.Far;

/// <summary>Constants of FAR version 1. Source: docs/formats/far.md.</summary>
public static class FarFormat
{
    public const int HeaderSize = 16;
    public const int IndexEntrySize = 24;
    public const int DirectoryEntrySize = 32;
    public const int ChunkAlignment = 8;
    public const int ContentAlignment = 4096;
    public const ulong DirectoryType = 0x2d2d2d2d2d524944;
    public const ulong NamesType = 0x53454d414e524944;

    /// <summary>Most index entries that are read: the format knows three types.</summary>
    public const int MaximumIndexEntries = 64;

    /// <summary>Most files that are read in one archive.</summary>
    public const int MaximumEntries = 4_000_000;

    /// <summary>Longest chunk of names in bytes.</summary>
    public const int MaximumNamesSize = 256 * 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => [0xc8, 0xbf, 0x0b, 0x48, 0xad, 0xab, 0xc5, 0x11];

    /// <summary>The next multiple of a power of two; an offset this close to the end of the range stays as it is and is refused later.</summary>
    public static long Align(long offset, int alignment) => (offset + alignment - 1) & -alignment;
}
