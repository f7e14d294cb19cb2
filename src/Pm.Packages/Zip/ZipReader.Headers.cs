using System.Buffers.Binary;

namespace Pm.Packages.Zip;

/// <summary>The central directory and the local headers, which must agree.</summary>
public sealed partial class ZipReader
{
    const uint CentralSignature = 0x02014b50;
    const uint LocalSignature = 0x04034b50;
    const int CentralLength = 46;
    const int LocalLength = 30;
    const int EncryptedFlag = 1;
    const int DescriptorFlag = 8;
    const int StrongEncryptionFlags = 0x2040;
    const long WideMark = uint.MaxValue;
    const int UnixHost = 3;
    const int MacHost = 19;

    // st_mode, whose numbers zip copied from Unix. Source: inode(7).
    const int TypeMask = 0xf000;
    const int RegularType = 0x8000;
    const int DirectoryType = 0x4000;
    const int LinkType = 0xa000;
    const int PermissionBits = 0xfff;

    ZipEntry[] ReadDirectory(ZipEnd end)
    {
        Limit("entries", end.Entries, _limits.MaximumEntries);
        Limit("bytes of the central directory", end.Size, _limits.MaximumDirectoryBytes);
        var directory = new byte[end.Size];
        ZipEnd.ReadAt(_source, end.Offset, directory, _name);
        ReadOnlySpan<byte> rest = directory;
        var entries = new ZipEntry[end.Entries];
        var total = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = ReadCentral(ref rest, end.Prefix, i + 1);
            Limit("bytes of one entry", entries[i].Size, _limits.MaximumEntryBytes);
            total += entries[i].Size;
            Limit("bytes of all entries", total, _limits.MaximumTotalBytes);
        }

        // A digital signature record may follow (APPNOTE 4.3.13); entries beyond the count would be hidden ones.
        if (rest.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(rest) == CentralSignature)
        {
            throw ArchiveFault.Malformed(_name, $"more than the {entries.Length} entries that the end record counts");
        }

        return entries;
    }

    ZipEntry ReadCentral(ref ReadOnlySpan<byte> rest, long prefix, int number)
    {
        var where = $"{_name}: entry {number}";
        if (rest.Length < CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(rest) != CentralSignature)
        {
            throw ArchiveFault.Malformed(where, "no entry of the central directory where one is counted");
        }

        var record = rest[..CentralLength];
        var (nameLength, extraLength, commentLength) = (NumberAt(record, 28), NumberAt(record, 30), NumberAt(record, 32));
        var length = CentralLength + nameLength + extraLength + commentLength;
        if (length > rest.Length)
        {
            throw ArchiveFault.Truncated(where, "its record");
        }

        Limit("bytes of a name", nameLength, _limits.MaximumNameBytes);
        var name = rest.Slice(CentralLength, nameLength);
        var extra = ZipExtra.Parse(rest.Slice(CentralLength + nameLength, extraLength));
        rest = rest[length..];
        return Entry(record, name, extra, prefix, where);
    }

    static ZipEntry Entry(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name, ZipExtra extra, long prefix, string where)
    {
        var path = Path(record, name, extra, where);
        CheckFeatures(NumberAt(record, 8), NumberAt(record, 10), $"{where} ({PathText.Show(path)})");
        var wide = extra.Wide;
        var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        var compressed = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        var offset = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        if (!ZipExtra.TryWiden(ref size, WideMark, ref wide) || !ZipExtra.TryWiden(ref compressed, WideMark, ref wide)
            || !ZipExtra.TryWiden(ref offset, WideMark, ref wide) || offset > long.MaxValue - prefix)
        {
            throw ArchiveFault.Malformed(where, "its zip64 numbers are missing or too large");
        }

        var attributes = BinaryPrimitives.ReadUInt32LittleEndian(record[38..]);
        var unixMode = record[5] is UnixHost or MacHost ? (int)(attributes >> 16) : 0;
        var kind = Kind(path, unixMode);
        return new ZipEntry
        {
            Path = path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : path,
            Kind = kind,
            Mode = Mode(kind, unixMode),
            Size = size,
            CompressedSize = compressed,
            Method = NumberAt(record, 10),
            Flags = NumberAt(record, 8),
            Crc = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            HeaderOffset = offset + prefix,
            RawName = name.ToArray(),
            Modified = extra.Modified ?? DosTime(NumberAt(record, 14), NumberAt(record, 12)),
        };
    }

    static void CheckFeatures(int flags, int method, string where)
    {
        if ((flags & (EncryptedFlag | StrongEncryptionFlags)) != 0)
        {
            throw ArchiveFault.Unsupported(where, "the entry is encrypted, and pm has no passwords");
        }

        if (!ZipMethod.IsKnown(method))
        {
            throw ArchiveFault.Unsupported(where, $"compression method {method} is not known");
        }
    }

    static string Path(ReadOnlySpan<byte> record, ReadOnlySpan<byte> name, ZipExtra extra, string where)
    {
        var unicode = extra.NameFor(name);
        var path = PathText.Decode(unicode.IsEmpty ? name : unicode);
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw ArchiveFault.Malformed(where, "a name that is empty or holds a NUL");
        }

        // Old .NET and other Windows tools wrote backslashes, against APPNOTE 4.4.17. On Unix they are letters.
        return record[5] is not (UnixHost or MacHost) && !path.Contains('/') ? path.Replace('\\', '/') : path;
    }

    static ZipEntryKind Kind(string path, int unixMode) => (unixMode & TypeMask) switch
    {
        DirectoryType => ZipEntryKind.Directory,
        LinkType => ZipEntryKind.Symlink,
        0 or RegularType => path.EndsWith('/') ? ZipEntryKind.Directory : ZipEntryKind.File,
        _ => ZipEntryKind.Other,
    };

    static int Mode(ZipEntryKind kind, int unixMode) => (unixMode & PermissionBits) switch
    {
        0 => kind == ZipEntryKind.Directory ? PackageEntry.DirectoryMode : PackageEntry.FileMode,
        var mode => mode,
    };

    static DateTimeOffset? DosTime(int date, int time)
    {
        var (year, month, day) = (1980 + (date >> 9), (date >> 5) & 15, date & 31);
        var (hour, minute, second) = (time >> 11, (time >> 5) & 63, (time & 31) * 2);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && hour < 24 && minute < 60 && second < 60
                ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
                : null;
    }

    static void CompareLocal(ZipEntry entry, ReadOnlySpan<byte> header, ReadOnlySpan<byte> variable, string where)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
        {
            throw ArchiveFault.Malformed(where, $"no local header at {entry.HeaderOffset}");
        }

        var name = variable[..NumberAt(header, 26)];
        var wide = ZipExtra.Parse(variable[name.Length..]).Wide;
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[14..]);
        var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(header[22..]);
        var compressed = (long)BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
        if (!ZipExtra.TryWiden(ref size, WideMark, ref wide) || !ZipExtra.TryWiden(ref compressed, WideMark, ref wide))
        {
            throw ArchiveFault.Malformed(where, "its local zip64 numbers are missing or too large");
        }

        // With a descriptor behind the data the writer did not know them yet.
        var isUnknown = (NumberAt(header, 6) & DescriptorFlag) != 0 && (size | compressed | crc) == 0;
        var isSame = name.SequenceEqual(entry.RawName)
            && NumberAt(header, 8) == entry.Method
            && ((NumberAt(header, 6) ^ entry.Flags) & (EncryptedFlag | StrongEncryptionFlags | DescriptorFlag)) == 0
            && (isUnknown || (size == entry.Size && compressed == entry.CompressedSize && crc == entry.Crc));
        if (!isSame)
        {
            throw ArchiveFault.Malformed(
                where,
                $"its local header differs from the central directory: `{PathText.Show(PathText.Decode(name))}`, "
                + $"{size} bytes, not {entry.Size}");
        }
    }

    void Limit(string what, long actual, long limit)
    {
        if (actual < 0 || actual > limit)
        {
            throw ArchiveFault.BeyondLimit(_name, what, actual, limit);
        }
    }
}
