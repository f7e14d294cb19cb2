using Pm.Codecs;
using Pm.Packages.Far;
using Pm.Packages.Tar;
using Pm.Packages.Zip;

namespace Pm.Storage.Unpacking;

/// <summary>What kind of archive some bytes are, by their content alone.</summary>
/// <param name="Kind">The archive.</param>
/// <param name="Compression">Around it.</param>
public readonly record struct ArchiveFormat(ArchiveKind Kind, Compression Compression)
{
    /// <summary>Looks at the head of a seekable stream, and at its tail for a zip behind a program; the position is restored.</summary>
    public static ArchiveFormat? Detect(Stream source)
    {
        Span<byte> head = stackalloc byte[TarReader.HeadSize];
        var start = source.Position;
        var count = source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        source.Position = start;
        if (count == 0)
        {
            return null;
        }

        var compression = CompressionFormat.Detect(head[..count]);
        return compression == Compression.None
            ? DetectPlain(source, head[..count])
            : DetectInside(source, start, compression, head);
    }

    static ArchiveFormat? DetectPlain(Stream source, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(FarFormat.Magic))
        {
            return new ArchiveFormat(ArchiveKind.Far, Compression.None);
        }

        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8))
        {
            return new ArchiveFormat(ArchiveKind.Zip, Compression.None);
        }

        if (TarReader.IsTar(head))
        {
            return new ArchiveFormat(ArchiveKind.Tar, Compression.None);
        }

        return ZipReader.HasEnd(source) ? new ArchiveFormat(ArchiveKind.Zip, Compression.None) : null;
    }

    // One level: what is compressed twice is refused, as nobody does that without a purpose.
    static ArchiveFormat? DetectInside(Stream source, long start, Compression compression, Span<byte> head)
    {
        int count;
        using (var plain = Decompressor.Open(source, compression, leaveOpen: true))
        {
            count = plain.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }

        source.Position = start;
        return TarReader.IsTar(head[..count]) ? new ArchiveFormat(ArchiveKind.Tar, compression) : null;
    }
}
