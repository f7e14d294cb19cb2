using System.Buffers.Binary;

namespace Pm.Codecs;

/// <summary>Tells compression formats apart by their first bytes and names them.</summary>
public static class CompressionFormat
{
    /// <summary>How many bytes <see cref="Detect"/> looks at, at most.</summary>
    public const int HeadSize = 10;

    /// <summary>What a Zstandard frame begins with. Source: RFC 8878, 3.1.1.</summary>
    internal const uint ZstandardMagic = 0xfd2fb528;

    /// <summary>What a skippable frame begins with, up to the last four bits. Source: RFC 8878, 3.1.2.</summary>
    internal const uint SkippableMagic = 0x184d2a50;

    internal const uint SkippableMask = 0xfffffff0;

    /// <summary>The format whose magic number <paramref name="head"/> begins with; none if it is too short or unknown.</summary>
    public static Compression Detect(ReadOnlySpan<byte> head)
    {
        // RFC 1952, 2.3.1: ID1 ID2 and CM, for which only 8 (deflate) is defined.
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]))
        {
            return Compression.Gzip;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0x00]))
        {
            return Compression.Xz;
        }

        return IsZstandard(head) ? Compression.Zstandard : IsBzip2(head) ? Compression.Bzip2 : Compression.None;
    }

    /// <summary>The suffix of a compressed file's name with its dot, or nothing.</summary>
    public static string Suffix(Compression compression) => compression switch
    {
        Compression.None => "",
        Compression.Gzip => ".gz",
        Compression.Bzip2 => ".bz2",
        Compression.Xz => ".xz",
        Compression.Zstandard => ".zst",
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "no such compression"),
    };

    static bool IsZstandard(ReadOnlySpan<byte> head) =>
        BinaryPrimitives.TryReadUInt32LittleEndian(head, out var magic)
        && (magic == ZstandardMagic || (magic & SkippableMask) == SkippableMagic);

    /// <summary>"BZh", the level, then the magic of a block (π) or of an empty stream's end (√π).</summary>
    static bool IsBzip2(ReadOnlySpan<byte> head) =>
        head.Length >= 10 && head.StartsWith("BZh"u8) && head[3] is >= (byte)'1' and <= (byte)'9'
        && (head[4..10].SequenceEqual((ReadOnlySpan<byte>)[0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || head[4..10].SequenceEqual((ReadOnlySpan<byte>)[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]));
}
