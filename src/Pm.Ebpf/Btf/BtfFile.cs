using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Pm.Ebpf.Btf;

/// <summary>
/// Type information, of an object (its section <c>.BTF</c>) or of a kernel (<c>/sys/kernel/btf/vmlinux</c>). Read once is only where each type
/// begins; what a type says is read when it is asked for, so that a kernel's 127,000 types cost 4 bytes each. Source: btf.rst.
/// </summary>
public sealed class BtfFile
{
    const ushort Magic = 0xeb9f;
    const int HeadSize = 12;

    readonly CheckedBytes _types;
    readonly CheckedBytes _strings;
    readonly int[] _offsets;
    readonly Lazy<BtfNames> _names;

    BtfFile(CheckedBytes types, CheckedBytes strings)
    {
        (_types, _strings) = (types, strings);
        _offsets = BtfOffsets.Of(types, (uint)strings.Length);
        _names = new Lazy<BtfNames>(() => new BtfNames(this));
    }

    /// <summary>How many types there are, void among them: identifiers are below it.</summary>
    public int Count => _offsets.Length;

    /// <summary>All but void, in their order.</summary>
    public IEnumerable<BtfType> Types => Enumerable.Range(1, Count - 1).Select(id => new BtfType(this, id));

    /// <exception cref="EbpfFormatException">PM8021: there is no type <paramref name="id"/>.</exception>
    public BtfType this[int id] => (uint)id < (uint)Count ? new BtfType(this, id) : throw Wrong($"there is no type {(uint)id}, but {Count}");

    /// <exception cref="EbpfFormatException">PM8021: they break a rule of the format.</exception>
    public static BtfFile Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        var file = new CheckedBytes(bytes, "PM8021", where);
        if (bytes.Length > BtfLimits.Size)
        {
            throw file.Wrong($"type information: at most {BtfLimits.Size} bytes, got {bytes.Length}");
        }

        var head = BtfHead.Read(file, Magic);
        return new BtfFile(
            head.Body.Part(head.Word(0), head.Word(4), "the types"), head.Body.Part(head.Word(8), head.Word(12), "the names"));
    }

    /// <summary>The first type of that kind and name.</summary>
    public BtfType? Find(BtfKind kind, string name)
    {
        foreach (var type in Named(name))
        {
            if (type.Kind == kind)
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>All types of that name, whatever their kind, in their order.</summary>
    public ImmutableArray<BtfType> Named(string name) => _names.Value.Find(Encoding.UTF8.GetBytes(name));

    internal BtfKind KindOf(int id) => id == 0 ? BtfKind.Void : (BtfKind)(Head(id, 4) >> 24 & 0x1f);

    internal bool FlagOf(int id) => Head(id, 4) >> 31 != 0;

    internal int CountOf(int id) => (int)(Head(id, 4) & 0xffff);

    /// <summary>Its size, or the type that it is of.</summary>
    internal uint SizeOf(int id) => Head(id, 8);

    internal string NameOf(int id) => Name(Head(id, 0));

    internal ReadOnlySpan<byte> NameBytesOf(int id) => Head(id, 0) is > 0 and var name ? _strings.Text(name, BtfLimits.Name, "the name of a type") : [];

    internal string Name(uint offset) => offset == 0 ? "" : _strings.String(offset, BtfLimits.Name, "a name");

    /// <summary>A line of source or a path.</summary>
    internal string LongName(uint offset) => offset == 0 ? "" : _strings.String(offset, BtfLimits.Line, "a line of source");

    /// <summary>A number behind the head.</summary>
    internal int Trailing(int id, int at) => BinaryPrimitives.ReadInt32LittleEndian(TrailingOf(id)[at..]);

    /// <summary>What stands between its head and the next type; how much its kind and count say.</summary>
    internal ReadOnlySpan<byte> TrailingOf(int id)
    {
        var from = _offsets[id] + HeadSize;
        var end = id + 1 < _offsets.Length ? _offsets[id + 1] : _types.Length;
        return _types.Memory.Span[from..end];
    }

    internal EbpfFormatException Wrong(string message) => _types.Wrong(message);

    uint Head(int id, int at) => BinaryPrimitives.ReadUInt32LittleEndian(_types.Memory.Span[(_offsets[id] + at)..]);
}
