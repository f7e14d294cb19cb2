using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Pm.Packages.Far;

/// <summary>The head of a FAR (header, index and chunks), read strictly: where each file lies.</summary>
/// <remarks>Source: docs/formats/far.md. For archives that do not fit in memory; see <see cref="FarReader"/> for those that do.</remarks>
public sealed class FarDirectory
{
    readonly FarEntry[] _entries;

    FarDirectory(FarEntry[] entries, long headLength, long length) =>
        (_entries, HeadLength, ArchiveLength) = (entries, headLength, length);

    /// <summary>In the order of the bytes of their names, which is the order of their contents.</summary>
    public IReadOnlyList<FarEntry> Entries => _entries;

    /// <summary>Bytes of header, index and chunks, without padding.</summary>
    public long HeadLength { get; }

    /// <summary>Bytes of the whole archive.</summary>
    public long ArchiveLength { get; }

    /// <summary>The ranges between chunks and contents that must be zero.</summary>
    public IEnumerable<(long Offset, long Length)> Padding
    {
        get
        {
            var end = HeadLength;
            foreach (var entry in _entries)
            {
                if (entry.Offset > end)
                {
                    yield return (end, entry.Offset - end);
                }

                end = entry.Offset + entry.Length;
            }

            if (ArchiveLength > end)
            {
                yield return (end, ArchiveLength - end);
            }
        }
    }

    /// <summary>How many bytes of an archive <see cref="MeasureHead"/> must see.</summary>
    /// <param name="header">The first 16 bytes.</param>
    /// <param name="where">The archive's name.</param>
    /// <exception cref="PackageFormatException">PM2010: not a FAR.</exception>
    public static int MeasureIndex(ReadOnlySpan<byte> header, string where)
    {
        if (header.Length < FarFormat.HeaderSize || !header.StartsWith(FarFormat.Magic))
        {
            throw Fault("it does not begin with the magic bytes of a FAR", where);
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        return length % FarFormat.IndexEntrySize == 0 && length <= FarFormat.MaximumIndexEntries * FarFormat.IndexEntrySize
            ? FarFormat.HeaderSize + (int)length
            : throw Fault($"the index has {length} bytes; expected a multiple of 24, at most {FarFormat.MaximumIndexEntries} entries", where);
    }

    /// <summary>How many bytes of an archive <see cref="Parse"/> must see.</summary>
    /// <param name="index">As many first bytes as <see cref="MeasureIndex"/> says.</param>
    /// <param name="archiveLength">Bytes of the whole archive.</param>
    /// <param name="where">The archive's name.</param>
    /// <exception cref="PackageFormatException">PM2010: the index breaks a rule.</exception>
    public static int MeasureHead(ReadOnlySpan<byte> index, long archiveLength, string where) =>
        FarIndex.Parse(WholeIndex(index, where), archiveLength, where).HeadLength;

    /// <param name="head">As many first bytes as <see cref="MeasureHead"/> says.</param>
    /// <param name="archiveLength">Bytes of the whole archive.</param>
    /// <param name="where">The archive's name.</param>
    /// <exception cref="PackageFormatException">PM2010: the directory breaks a rule.</exception>
    public static FarDirectory Parse(ReadOnlySpan<byte> head, long archiveLength, string where)
    {
        var index = FarIndex.Parse(WholeIndex(head, where), archiveLength, where);
        if (head.Length < index.HeadLength)
        {
            throw Fault("it ends within its directory", where);
        }

        var entries = Files(head[index.Directory], head[index.Names], index.HeadLength, archiveLength, where);
        var expected = entries is [.., var last]
            ? FarFormat.Align(last.Offset + last.Length, FarFormat.ContentAlignment)
            : index.HeadLength;
        return archiveLength == expected
            ? new FarDirectory(entries, index.HeadLength, archiveLength)
            : throw Fault($"it has {archiveLength} bytes, its directory says {expected}", where);
    }

    [DoesNotReturn]
    internal static void Throw(string message, string where) => throw Fault(message, where);

    internal static PackageFormatException Fault(string message, string where) => new("PM2010", message, where);

    static ReadOnlySpan<byte> WholeIndex(ReadOnlySpan<byte> head, string where)
    {
        var length = MeasureIndex(head, where);
        return head.Length >= length ? head[..length] : throw Fault("it ends within its index", where);
    }

    static FarEntry[] Files(
        ReadOnlySpan<byte> directory, ReadOnlySpan<byte> names, long headLength, long archiveLength, string where)
    {
        var entries = new FarEntry[directory.Length / FarFormat.DirectoryEntrySize];
        var previous = default(ReadOnlySpan<byte>);
        var nameBytes = 0L;
        var end = headLength;
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = directory.Slice(i * FarFormat.DirectoryEntrySize, FarFormat.DirectoryEntrySize);
            var name = NameOf(entry, names, where);
            if (i > 0 && previous.SequenceCompareTo(name) >= 0)
            {
                Throw($"name {Shown.Quote(name)} stands twice, or not in the order of bytes", where);
            }

            // Names that share bytes would make a small archive a huge directory in memory.
            nameBytes += name.Length;
            if (nameBytes > names.Length)
            {
                Throw("its names overlap", where);
            }

            previous = name;
            entries[i] = FileOf(entry, Utf8Text.Decode(name, "PM2010", where), end, archiveLength, where);
            end = entries[i].Offset + entries[i].Length;
        }

        return entries;
    }

    static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> names, string where)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
        if (offset > (uint)names.Length || length > (uint)names.Length - offset)
        {
            Throw($"a name of {length} bytes at {offset} does not lie in the {names.Length} bytes of names", where);
        }

        if (entry[6..8].ContainsAnyExcept((byte)0) || entry[24..32].ContainsAnyExcept((byte)0))
        {
            Throw("a reserved field of the directory is not zero", where);
        }

        var name = names.Slice((int)offset, length);
        if (FarName.Fault(name) is { } fault)
        {
            Throw($"name {Shown.Quote(name)}: {fault}", where);
        }

        return name;
    }

    static FarEntry FileOf(ReadOnlySpan<byte> entry, string name, long end, long archiveLength, string where)
    {
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
        var expected = FarFormat.Align(end, FarFormat.ContentAlignment);
        if (offset != (ulong)expected)
        {
            Throw($"file {Shown.Quote(name)} begins at {offset}, expected {expected}", where);
        }

        if (offset > (ulong)archiveLength || length > (ulong)archiveLength - offset)
        {
            Throw($"file {Shown.Quote(name)} ends behind the archive's {archiveLength} bytes", where);
        }

        return new FarEntry(name, (long)offset, (long)length);
    }
}
