using System.Buffers.Binary;

namespace Pm.Packages.Far;

/// <summary>The index of a FAR: where its chunks lie.</summary>
readonly record struct FarIndex(Range Directory, Range Names, int HeadLength)
{
    public static FarIndex Parse(ReadOnlySpan<byte> headerAndIndex, long archiveLength, string where)
    {
        Range? directory = null;
        Range? names = null;
        var previous = 0UL;
        var end = (long)headerAndIndex.Length;
        for (var at = FarFormat.HeaderSize; at < headerAndIndex.Length; at += FarFormat.IndexEntrySize)
        {
            var entry = headerAndIndex.Slice(at, FarFormat.IndexEntrySize);
            var type = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            if (at > FarFormat.HeaderSize && type <= previous)
            {
                FarDirectory.Throw($"chunk type {type:x16} stands twice, or not in ascending order", where);
            }

            previous = type;
            var chunk = Chunk(entry, end, archiveLength, where);
            end = chunk.End.Value;
            switch (type)
            {
                case FarFormat.DirectoryType:
                    directory = Sized(chunk, FarFormat.DirectoryEntrySize, FarFormat.MaximumEntries * FarFormat.DirectoryEntrySize, where);
                    break;
                case FarFormat.NamesType:
                    names = Sized(chunk, FarFormat.ChunkAlignment, FarFormat.MaximumNamesSize, where);
                    break;
            }
        }

        return directory is { } d && names is { } n
            ? new FarIndex(d, n, (int)end)
            : throw FarDirectory.Fault("it has no directory chunk or no chunk of names", where);
    }

    static Range Chunk(ReadOnlySpan<byte> entry, long end, long archiveLength, string where)
    {
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]);
        if (offset % FarFormat.ChunkAlignment != 0 || offset != (ulong)end)
        {
            FarDirectory.Throw($"a chunk begins at {offset}, expected {end}", where);
        }

        if (offset > (ulong)archiveLength || length > (ulong)archiveLength - offset || length > int.MaxValue - offset)
        {
            FarDirectory.Throw($"a chunk of {length} bytes at {offset} ends behind the archive's {archiveLength} bytes", where);
        }

        return (int)offset..(int)(offset + length);
    }

    static Range Sized(Range chunk, int unit, int most, string where)
    {
        var length = chunk.End.Value - chunk.Start.Value;
        return length % unit == 0 && length <= most
            ? chunk
            : throw FarDirectory.Fault($"a chunk has {length} bytes; expected a multiple of {unit}, at most {most}", where);
    }
}
