namespace Pm.Packages.Tar;

/// <summary>What extension headers say about the next entry (or, global ones, about all that follow).</summary>
sealed class TarExtension(TarLimits limits, string name)
{
    Dictionary<string, ReadOnlyMemory<byte>>? _attributes;
    SparseMap? _sparse;
    long? _sparseOffset;

    public string? Path { get; set; }

    public string? LinkPath { get; set; }

    public string? UserName { get; private set; }

    public string? GroupName { get; private set; }

    public long? UserId { get; private set; }

    public long? GroupId { get; private set; }

    public long? Size { get; private set; }

    public DateTimeOffset? Modified { get; private set; }

    /// <summary>Sparse forms 0.0 and 0.1 carry their map here; 1.0 has it in front of the data.</summary>
    public SparseMap? Sparse => _sparse;

    public bool IsSparseMapInData { get; private set; }

    public string? SparseName { get; private set; }

    public long? RealSize { get; private set; }

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? Attributes => _attributes;

    /// <summary>Applies the records of an 'x' or Solaris 'X' header.</summary>
    public void Apply(ReadOnlySpan<byte> body)
    {
        var records = new PaxRecords(body, name);
        while (records.Next())
        {
            if (!ApplyCommon(records.Keyword, records.Value))
            {
                ApplyLocal(records.Keyword, records.Value);
            }
        }
    }

    /// <summary>Applies the records of a 'g' header.</summary>
    public void ApplyGlobal(ReadOnlySpan<byte> body)
    {
        var records = new PaxRecords(body, name);
        while (records.Next())
        {
            // One name, size or map for every later entry is never meant, but it would hide what those entries say.
            if (records.Keyword.SequenceEqual("path"u8) || records.Keyword.SequenceEqual("linkpath"u8)
                || records.Keyword.SequenceEqual("size"u8) || records.Keyword.StartsWith("GNU.sparse."u8))
            {
                throw ArchiveFault.Malformed(
                    name, $"a global pax header sets '{PathText.Decode(records.Keyword)}' for all entries");
            }

            ApplyCommon(records.Keyword, records.Value);
        }
    }

    bool ApplyCommon(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        // An empty value takes back what was said before.
        var isEmpty = value.IsEmpty;
        switch (keyword)
        {
            case var k when k.SequenceEqual("uname"u8):
                UserName = isEmpty ? "" : Text(value);
                break;
            case var k when k.SequenceEqual("gname"u8):
                GroupName = isEmpty ? "" : Text(value);
                break;
            case var k when k.SequenceEqual("uid"u8):
                UserId = isEmpty ? null : Identifier(value, "uid");
                break;
            case var k when k.SequenceEqual("gid"u8):
                GroupId = isEmpty ? null : Identifier(value, "gid");
                break;
            case var k when k.SequenceEqual("mtime"u8):
                Modified = isEmpty ? null : Time(value);
                break;
            case var k when k.SequenceEqual("hdrcharset"u8):
                CheckCharset(value);
                break;
            default:
                return false;
        }

        return true;
    }

    void ApplyLocal(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        const string attributePrefix = "SCHILY.xattr.";
        switch (keyword)
        {
            case var k when k.SequenceEqual("path"u8):
                Path = Text(value);
                break;
            case var k when k.SequenceEqual("linkpath"u8):
                LinkPath = Text(value);
                break;
            case var k when k.SequenceEqual("size"u8):
                Size = Number(value, "size");
                break;
            case var k when k.StartsWith("GNU.sparse."u8):
                ApplySparse(k["GNU.sparse.".Length..], value);
                break;
            case var k when k.StartsWith("SCHILY.xattr."u8):
                _attributes ??= [];
                _attributes[PathText.Decode(k[attributePrefix.Length..])] = value.ToArray();
                break;
            case var k when k.SequenceEqual("SUN.holesdata"u8):
                throw ArchiveFault.Unsupported(name, "a sparse file in the form of Solaris cannot be read");
            default:
                break;
        }
    }

    void ApplySparse(ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        switch (keyword)
        {
            case var k when k.SequenceEqual("name"u8):
                SparseName = Text(value);
                break;
            case var k when k.SequenceEqual("size"u8) || k.SequenceEqual("realsize"u8):
                RealSize = Number(value, "sparse size");
                break;
            case var k when k.SequenceEqual("map"u8):
                _sparse = new SparseMap(limits, name);
                _sparse.AddList(value);
                break;
            case var k when k.SequenceEqual("numblocks"u8):
                _sparse = new SparseMap(limits, name);
                break;
            case var k when k.SequenceEqual("offset"u8):
                _sparseOffset = Number(value, "sparse offset");
                break;
            case var k when k.SequenceEqual("numbytes"u8):
                (_sparse ??= new SparseMap(limits, name)).Add(
                    _sparseOffset ?? throw ArchiveFault.Malformed(name, "sparse length without offset"),
                    Number(value, "sparse length"));
                _sparseOffset = null;
                break;
            case var k when k.SequenceEqual("major"u8):
                IsSparseMapInData = Number(value, "sparse version") switch
                {
                    0 => false,
                    1 => true,
                    var version => throw ArchiveFault.Unsupported(name, $"sparse form {version} is not known"),
                };
                break;
            default:
                break;
        }
    }

    void CheckCharset(ReadOnlySpan<byte> value)
    {
        // Both mean for us: bytes as they are. Another charset would need a conversion that nobody can check.
        if (!value.IsEmpty && !value.SequenceEqual("BINARY"u8) && !value.SequenceEqual("ISO-IR 10646 2000 UTF-8"u8))
        {
            throw ArchiveFault.Unsupported(name, $"pax charset '{PathText.Show(PathText.Decode(value))}' is not known");
        }
    }

    string Text(ReadOnlySpan<byte> value)
    {
        if (value.Length > limits.MaximumNameBytes)
        {
            throw ArchiveFault.BeyondLimit(name, "bytes of a name", value.Length, limits.MaximumNameBytes);
        }

        return value.Contains((byte)0)
            ? throw ArchiveFault.Malformed(name, "a NUL inside a pax name")
            : PathText.Decode(value);
    }

    // "nobody" is -2 on macOS.
    long Identifier(ReadOnlySpan<byte> value, string what) =>
        value.StartsWith("-"u8) ? -Number(value[1..], what) : Number(value, what);

    long Number(ReadOnlySpan<byte> value, string what) => TarNumber.TryParseDecimal(value, out var number)
        ? number
        : throw ArchiveFault.Malformed(name, $"pax {what} is not a number: '{PathText.Show(PathText.Decode(value))}'");

    DateTimeOffset Time(ReadOnlySpan<byte> value) => TarNumber.TryParseTime(value, out var time)
        ? time
        : throw ArchiveFault.Malformed(name, $"pax mtime is not a time: '{PathText.Show(PathText.Decode(value))}'");
}
