using System.Buffers.Binary;
using System.Text;

namespace Pm.Packages.Far;

/// <summary>Writes a FAR as Fuchsia's tools do: the same files give the same bytes. Source: docs/formats/far.md.</summary>
public static class FarWriter
{
    /// <summary>Makes an archive in memory; files in any order.</summary>
    /// <exception cref="PackageFormatException">PM2010: a name that a FAR cannot hold, or one twice.</exception>
    public static byte[] ToBytes(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        var sorted = files.OrderBy(f => f.Key, PathOrder.Bytes).ToArray();
        var head = Head([.. sorted.Select(f => (f.Key, (long)f.Value.Length))], out var offsets);
        if (sorted.Length == 0)
        {
            return head;
        }

        var end = offsets[^1] + sorted[^1].Value.Length;
        var archive = new byte[PaddedLength(end)];
        head.CopyTo(archive, 0);
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i].Value.Span.CopyTo(archive.AsSpan((int)offsets[i]));
        }

        return archive;
    }

    /// <summary>The bytes before the first content, padding included; each content is then padded to <see cref="PaddedLength"/>.</summary>
    /// <param name="files">Names and lengths, in the order of the bytes of the names.</param>
    /// <param name="offsets">Where each content begins.</param>
    /// <exception cref="PackageFormatException">PM2010: a name that a FAR cannot hold, one twice, or not in order.</exception>
    public static byte[] Head(IReadOnlyList<(string Name, long Length)> files, out long[] offsets)
    {
        var names = Names(files);
        var directoryAt = FarFormat.HeaderSize + (2 * FarFormat.IndexEntrySize);
        var namesAt = directoryAt + (files.Count * FarFormat.DirectoryEntrySize);
        var namesLength = (int)FarFormat.Align(names.Sum(n => (long)n.Length), FarFormat.ChunkAlignment);
        var end = namesAt + namesLength;
        var head = new byte[files.Count == 0 ? end : PaddedLength(end)];

        FarFormat.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt64LittleEndian(head.AsSpan(8), 2 * FarFormat.IndexEntrySize);
        Index(head.AsSpan(16), FarFormat.DirectoryType, directoryAt, namesAt - directoryAt);
        Index(head.AsSpan(40), FarFormat.NamesType, namesAt, namesLength);
        offsets = Directory(head, files, names, directoryAt, namesAt);
        return head;
    }

    /// <summary>The next multiple of 4096, at which contents begin and archives end.</summary>
    public static long PaddedLength(long length) => FarFormat.Align(length, FarFormat.ContentAlignment);

    static byte[][] Names(IReadOnlyList<(string Name, long Length)> files)
    {
        var names = new byte[files.Count][];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetBytes(files[i].Name);
            var fault = FarName.Fault(names[i])
                ?? (i > 0 && names[i - 1].AsSpan().SequenceCompareTo(names[i]) >= 0 ? "it stands twice, or not in the order of bytes" : null);
            if (fault is not null)
            {
                throw new PackageFormatException("PM2010", $"name {Shown.Quote(files[i].Name)}: {fault}");
            }
        }

        return names;
    }

    static void Index(Span<byte> entry, ulong type, int offset, int length)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(entry, type);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], (ulong)length);
    }

    static long[] Directory(
        byte[] head, IReadOnlyList<(string Name, long Length)> files, byte[][] names, int directoryAt, int namesAt)
    {
        var offsets = new long[names.Length];
        var content = (long)head.Length;
        var nameOffset = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var entry = head.AsSpan(directoryAt + (i * FarFormat.DirectoryEntrySize), FarFormat.DirectoryEntrySize);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)nameOffset);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], (ushort)names[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], (ulong)content);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], (ulong)files[i].Length);
            names[i].CopyTo(head, namesAt + nameOffset);
            nameOffset += names[i].Length;
            offsets[i] = content;
            content = PaddedLength(content + files[i].Length);
        }

        return offsets;
    }
}
