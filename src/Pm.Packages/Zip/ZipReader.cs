using System.Buffers.Binary;
using System.IO.Compression;
using Pm.Codecs;

namespace Pm.Packages.Zip;

/// <summary>
/// Reads a zip file: stored, deflate, bzip2, zstd and xz entries, zip64, data descriptors, programs in front of the
/// archive. The central directory is the truth; a local header that says otherwise, entries that overlap and encrypted
/// entries are refused. Source: PKWARE APPNOTE 6.3.10.
/// </summary>
public sealed partial class ZipReader
{
    readonly Stream _source;
    readonly ZipLimits _limits;
    readonly string _name;

    ZipReader(Stream source, ZipLimits limits, string name)
    {
        _source = source;
        _limits = limits;
        _name = name;
    }

    /// <summary>In the order of the central directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; private set; } = [];

    /// <param name="source">Seekable; not disposed, and used until the last entry was read.</param>
    /// <param name="limits">What the archive may ask for.</param>
    /// <param name="name">The archive in messages.</param>
    /// <exception cref="PackageFormatException">The archive is damaged, lies, or goes beyond a limit.</exception>
    public static ZipReader Open(Stream source, ZipLimits limits, string name)
    {
        var reader = new ZipReader(source, limits, name);
        var end = ZipEnd.Find(source, name);
        reader.Entries = reader.ReadDirectory(end);
        reader.ReadLocalHeaders(end.Offset);
        return reader;
    }

    /// <summary>Whether a stream ends as a zip file does, whatever it begins with.</summary>
    public static bool HasEnd(Stream source) => ZipEnd.IsThere(source);

    /// <summary>The content of <paramref name="entry"/>; length and CRC are checked where it ends.</summary>
    /// <remarks>One at a time: the streams of all entries share the source.</remarks>
    /// <exception cref="PackageFormatException">While reading: the content is not what the directory states.</exception>
    public Stream OpenData(ZipEntry entry)
    {
        var compressed = new RegionStream(_source, entry.DataOffset, entry.CompressedSize);
        Stream plain = entry.Method switch
        {
            ZipMethod.Stored => compressed,
            ZipMethod.Deflate => new DeflateStream(compressed, CompressionMode.Decompress),
            ZipMethod.Bzip2 => Decompressor.Open(compressed, Compression.Bzip2),
            ZipMethod.Zstandard => Decompressor.Open(compressed, Compression.Zstandard),
            _ => Decompressor.Open(compressed, Compression.Xz),
        };
        return new ZipEntryStream(plain, entry.Size, entry.Crc, $"{_name}: {PathText.Show(entry.Path)}");
    }

    /// <summary>The target of a symbolic link, which zip keeps as content.</summary>
    public string ReadLinkTarget(ZipEntry entry)
    {
        if (entry.Size > _limits.MaximumNameBytes)
        {
            throw ArchiveFault.BeyondLimit(
                $"{_name}: {PathText.Show(entry.Path)}", "bytes of a link target", entry.Size, _limits.MaximumNameBytes);
        }

        using var content = OpenData(entry);
        var target = new byte[entry.Size];
        content.ReadExactly(target);
        content.CopyTo(Stream.Null);
        return PathText.Decode(target);
    }

    void ReadLocalHeaders(long directoryOffset)
    {
        Span<byte> header = stackalloc byte[LocalLength];
        var byPlace = Entries.ToArray();
        Array.Sort(byPlace, static (a, b) => a.HeaderOffset.CompareTo(b.HeaderOffset));
        var end = 0L;
        foreach (var entry in byPlace)
        {
            var where = $"{_name}: {PathText.Show(entry.Path)}";
            if (entry.HeaderOffset < end)
            {
                throw ArchiveFault.Malformed(where, "the entry overlaps another one");
            }

            ZipEnd.ReadAt(_source, entry.HeaderOffset, header, where);
            var variable = new byte[NumberAt(header, 26) + NumberAt(header, 28)];
            ZipEnd.ReadAt(_source, entry.HeaderOffset + LocalLength, variable, where);
            CompareLocal(entry, header, variable, where);
            entry.DataOffset = entry.HeaderOffset + LocalLength + variable.Length;
            end = entry.DataOffset + entry.CompressedSize;
            if (end < 0 || end > directoryOffset)
            {
                throw ArchiveFault.Truncated(where, "the entry, where the central directory begins");
            }
        }
    }

    static int NumberAt(ReadOnlySpan<byte> record, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]);
}
