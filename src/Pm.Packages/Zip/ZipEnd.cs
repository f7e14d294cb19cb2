using System.Buffers.Binary;

namespace Pm.Packages.Zip;

/// <summary>Where the central directory lies. Source: APPNOTE 4.3.14 to 4.3.16.</summary>
readonly record struct ZipEnd(long Offset, long Size, long Entries, long Prefix)
{
    const int EndLength = 22;
    const int LocatorLength = 20;
    const int WideEndLength = 56;
    const int MaximumComment = ushort.MaxValue;
    const uint EndSignature = 0x06054b50;
    const uint LocatorSignature = 0x07064b50;
    const uint WideEndSignature = 0x06064b50;

    /// <summary>Finds the end record. <see cref="Prefix"/> is what stands before the archive, such as an extracting program.</summary>
    public static ZipEnd Find(Stream source, string name)
    {
        var length = source.Length;
        var tail = new byte[(int)Math.Min(length, EndLength + MaximumComment)];
        ReadAt(source, length - tail.Length, tail, name);
        var at = FindRecord(tail);
        if (at < 0)
        {
            throw ArchiveFault.Malformed(name, "no end record: not a zip file, or cut off");
        }

        var record = tail.AsSpan(at, EndLength);
        var position = length - tail.Length + at;
        var end = new ZipEnd(
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            0);
        var disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        if (Wide(source, position, name) is { } wide)
        {
            (end, position) = wide;
        }
        else if (disk != 0 || BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) != end.Entries)
        {
            throw ArchiveFault.Unsupported(name, "a zip file split over several volumes");
        }

        var actual = position - end.Size;
        if (actual < end.Offset)
        {
            throw ArchiveFault.Malformed(
                name, $"the central directory would be {end.Size} bytes at {end.Offset}, but it ends at {position}");
        }

        return end with { Offset = actual, Prefix = actual - end.Offset };
    }

    public static bool IsThere(Stream source)
    {
        var position = source.Position;
        var tail = new byte[(int)Math.Min(source.Length, EndLength + MaximumComment)];
        ReadAt(source, source.Length - tail.Length, tail, "");
        source.Position = position;
        return FindRecord(tail) >= 0;
    }

    // The record whose comment ends with the file; else the last one, since some tools add a newline or a signature.
    static int FindRecord(ReadOnlySpan<byte> tail)
    {
        var last = -1;
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) != EndSignature)
            {
                continue;
            }

            var end = at + EndLength + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]);
            if (end == tail.Length)
            {
                return at;
            }

            last = last < 0 && end < tail.Length ? at : last;
        }

        return last;
    }

    static (ZipEnd End, long Position)? Wide(Stream source, long position, string name)
    {
        Span<byte> locator = stackalloc byte[LocatorLength];
        if (position < LocatorLength + WideEndLength)
        {
            return null;
        }

        ReadAt(source, position - LocatorLength, locator, name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            return null;
        }

        // Its stated place does not count what stands before the archive; in front of the locator it is in any case.
        Span<byte> record = stackalloc byte[WideEndLength];
        var at = position - LocatorLength - WideEndLength;
        ReadAt(source, at, record, name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != WideEndSignature)
        {
            throw ArchiveFault.Malformed(name, "no zip64 end record in front of its locator");
        }

        var entries = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[16..]) != 0
            || BinaryPrimitives.ReadInt64LittleEndian(record[24..]) != entries)
        {
            throw ArchiveFault.Unsupported(name, "a zip file split over several volumes");
        }

        var size = BinaryPrimitives.ReadInt64LittleEndian(record[40..]);
        var offset = BinaryPrimitives.ReadInt64LittleEndian(record[48..]);
        return size < 0 || offset < 0 || entries < 0
            ? throw ArchiveFault.Malformed(name, "negative numbers in the zip64 end record")
            : (new ZipEnd(offset, size, entries, 0), at);
    }

    public static void ReadAt(Stream source, long position, Span<byte> target, string name)
    {
        if (position < 0 || position > source.Length - target.Length)
        {
            throw ArchiveFault.Truncated(name, $"a record at {position}");
        }

        source.Position = position;
        source.ReadExactly(target);
    }
}
