namespace Pm.Packages.Tar;

/// <summary>From one header and its extensions to an entry.</summary>
public sealed partial class TarReader
{
    const int PermissionBits = 0xfff;

    TarEntry Entry(TarHeader header, TarExtension extension)
    {
        if (++_entries > _limits.MaximumEntries)
        {
            throw ArchiveFault.BeyondLimit(_input.Name, "entries", -1, _limits.MaximumEntries);
        }

        var path = Path(header, extension);
        _path = path;
        var kind = Kind(header, path);
        var target = LinkTarget(header, extension, kind);
        CountNames(path.Length + (target?.Length ?? 0));
        var (size, isSparse) = BeginContent(header, extension, kind);
        CountBytes(size);
        DataOffset = _input.Consumed;
        return new TarEntry
        {
            Path = WithoutSlashes(path),
            Kind = kind,
            Mode = (int)(Number(header.Mode, "mode") & PermissionBits),
            Size = size,
            LinkTarget = target,
            UserName = extension.UserName ?? _globals.UserName ?? Cached(header.UserName, ref _lastUser, ref _lastUserName),
            GroupName =
                extension.GroupName ?? _globals.GroupName ?? Cached(header.GroupName, ref _lastGroup, ref _lastGroupName),
            UserId = extension.UserId ?? _globals.UserId ?? Number(header.UserId, "uid"),
            GroupId = extension.GroupId ?? _globals.GroupId ?? Number(header.GroupId, "gid"),
            Modified = extension.Modified ?? _globals.Modified ?? TarNumber.Time(Number(header.Modified, "mtime")),
            Attributes = extension.Attributes
                ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, ReadOnlyMemory<byte>>.Empty,
            TypeFlag = (char)header.TypeFlag,
            IsSparse = isSparse,
        };
    }

    string Path(TarHeader header, TarExtension extension)
    {
        var path = extension.SparseName ?? extension.Path;
        if (path is null)
        {
            path = PathText.Decode(header.Name);
            if (!header.Prefix.IsEmpty)
            {
                path = PathText.Decode(header.Prefix) + "/" + path;
            }
        }

        return path.Length > 0 ? path : throw ArchiveFault.Malformed(Where(), "an entry without a name");
    }

    static string WithoutSlashes(string path)
    {
        var end = path.AsSpan().TrimEnd('/').Length;
        return end == path.Length ? path : path[..Math.Max(end, 1)];
    }

    static TarEntryKind Kind(TarHeader header, string path) => (char)header.TypeFlag switch
    {
        // Seventh Edition tar had no type for directories: the slash says it.
        '\0' or '0' or '7' => path.EndsWith('/') ? TarEntryKind.Directory : TarEntryKind.File,
        '1' => TarEntryKind.HardLink,
        '2' => TarEntryKind.Symlink,
        '3' => TarEntryKind.CharacterDevice,
        '4' => TarEntryKind.BlockDevice,
        '5' or 'D' => TarEntryKind.Directory,
        '6' => TarEntryKind.Fifo,
        'S' => TarEntryKind.File,
        _ => TarEntryKind.Other,
    };

    static string? LinkTarget(TarHeader header, TarExtension extension, TarEntryKind kind) =>
        kind is TarEntryKind.HardLink or TarEntryKind.Symlink
            ? extension.LinkPath ?? PathText.Decode(header.LinkName)
            : null;

    (long Size, bool IsSparse) BeginContent(TarHeader header, TarExtension extension, TarEntryKind kind)
    {
        var stored = extension.Size ?? Number(header.Size, "size");
        if (stored < 0)
        {
            throw ArchiveFault.Malformed(Where(), $"an entry of {stored} bytes");
        }

        // POSIX: links, devices and directories have no content here, whatever their size field counts.
        var typeFlag = (char)header.TypeFlag;
        if (typeFlag is >= '1' and <= '6')
        {
            Data.Begin(0, 0, null);
            return (0, false);
        }

        CheckEntrySize(stored);
        _padding = Padding(stored);
        var map = typeFlag == 'S' ? OldGnuMap(header, out var size) : PaxMap(extension, ref stored, out size);
        if (map is null)
        {
            var isContent = kind != TarEntryKind.Directory;
            Data.Begin(isContent ? stored : 0, stored, null);
            return (isContent ? stored : 0, false);
        }

        CheckEntrySize(size);
        map.Complete(size, stored);
        Data.Begin(size, stored, map);
        return (size, true);
    }

    SparseMap OldGnuMap(TarHeader header, out long size)
    {
        if (header.Dialect != TarDialect.Gnu)
        {
            throw ArchiveFault.Unsupported(Where(), "a sparse file in a form other than GNU's");
        }

        size = Number(header.RealSize, "real size");
        var map = new SparseMap(_limits, Where());
        map.AddOldGnu(header.SparsePieces);
        for (var hasMore = header.HasMoreSparsePieces; hasMore;)
        {
            const int mapLength = 21 * SparseMap.PieceLength;
            var block = _input.TryBlock();
            if (block.IsEmpty)
            {
                throw ArchiveFault.Truncated(Where(), "a sparse map");
            }

            map.AddOldGnu(block[..mapLength]);
            hasMore = block[mapLength] != 0;
        }

        return map;
    }

    SparseMap? PaxMap(TarExtension extension, ref long stored, out long size)
    {
        size = extension.RealSize ?? stored;
        if (!extension.IsSparseMapInData)
        {
            return extension.RealSize is null ? null : extension.Sparse;
        }

        var map = new SparseMap(_limits, Where());
        Data.Begin(stored, stored, null);
        var count = DataNumber();
        for (var i = 0L; i < count; i++)
        {
            var offset = DataNumber();
            map.Add(offset, DataNumber());
        }

        // The map ends with its block. The remaining bytes of the entry are its data.
        var used = stored - Data.Stored;
        var missing = _input.Skip(Math.Min(Padding(used), Data.Stored));
        if (missing > 0)
        {
            throw ArchiveFault.Truncated(Where(), "a sparse map");
        }

        stored = Math.Max(0, Data.Stored - Padding(used));
        return map;
    }

    // A number and its newline, at the front of the data.
    long DataNumber()
    {
        Span<byte> digits = stackalloc byte[20];
        for (var length = 0; length < digits.Length; length++)
        {
            if (Data.Read(digits.Slice(length, 1)) == 0)
            {
                break;
            }

            if (digits[length] == (byte)'\n')
            {
                return TarNumber.TryParseDecimal(digits[..length], out var value)
                    ? value
                    : throw ArchiveFault.Malformed(Where(), "a sparse map is not numbers");
            }
        }

        throw ArchiveFault.Malformed(Where(), "a number of a sparse map does not end");
    }

    void CheckEntrySize(long size)
    {
        if (size < 0 || size > _limits.MaximumEntryBytes)
        {
            throw ArchiveFault.BeyondLimit(Where(), "bytes of one entry", size, _limits.MaximumEntryBytes);
        }
    }

    void CountBytes(long size)
    {
        if (size > _limits.MaximumTotalBytes - _totalBytes)
        {
            throw ArchiveFault.BeyondLimit(Where(), "bytes of all entries", -1, _limits.MaximumTotalBytes);
        }

        _totalBytes += size;
    }

    void CountNames(int length)
    {
        _totalNames += length;
        if (_totalNames > _limits.MaximumNames)
        {
            throw ArchiveFault.BeyondLimit(_input.Name, "length of all names", -1, _limits.MaximumNames);
        }
    }

    long Number(ReadOnlySpan<byte> field, string what) => TarNumber.TryParse(field, out var value)
        ? value
        : throw ArchiveFault.Malformed(Where(), $"the {what} in a header is not a number");

    // Owners hardly change from entry to entry: one string serves them all.
    static string Cached(ReadOnlySpan<byte> text, ref byte[] lastBytes, ref string last)
    {
        if (!text.SequenceEqual(lastBytes))
        {
            lastBytes = text.ToArray();
            last = PathText.Decode(text);
        }

        return last;
    }
}
