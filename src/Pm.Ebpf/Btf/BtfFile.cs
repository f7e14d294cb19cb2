using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Pm.Ebpf.Btf;

/// <summary>
/// Type information, of an object (its section <c>.BTF</c>) or of a kernel (<c>/sys/kernel/btf/vmlinux</c>). Read once is only where each type
/// begins; what a type says is read when it is asked for, so that a kernel's 127,000 types cost 4 bytes each. That of a kernel's module goes on
/// where the kernel's own ends, with the numbers of its types and the places of its names ("split BTF"). Source: btf.rst.
/// </summary>
public sealed class BtfFile
{
    const ushort Magic = 0xeb9f;
    const int HeadSize = 12;

    /// <summary>Bytes of struct btf_header. libbpf reads all of it, however long it says that it is: in a shorter one pm would see no types where libbpf sees some. Source: btf_parse_hdr of libbpf.</summary>
    const int FileHeadSize = 24;

    readonly CheckedBytes _types;
    readonly CheckedBytes _strings;
    readonly BtfFile? _base;
    readonly uint _namesBefore;
    readonly int[] _offsets;
    readonly Lazy<BtfNames> _names;
    Dictionary<string, (ImmutableArray<BtfType> Named, ImmutableArray<BtfType> Flavoured)> _expected = [];

    BtfFile(CheckedBytes types, CheckedBytes strings, BtfFile? kernel)
    {
        (_types, _strings, _base) = (types, strings, kernel);
        _namesBefore = (uint)(kernel?._strings.Length ?? 0);
        FirstOwn = kernel?.Count ?? 0;
        _offsets = BtfOffsets.Of(types, FirstOwn, _namesBefore + (uint)strings.Length);
        _names = new Lazy<BtfNames>(() => new BtfNames(this));
    }

    /// <summary>How many types there are, void and those of its kernel among them: identifiers are below it.</summary>
    public int Count => FirstOwn + _offsets.Length;

    /// <summary>All but void, in their order; of a module its own alone.</summary>
    public IEnumerable<BtfType> Types => Enumerable.Range(Math.Max(FirstOwn, 1), Count - Math.Max(FirstOwn, 1)).Select(id => new BtfType(this, id));

    /// <summary>The first type that is its own and not its kernel's; 0, which is void, where it goes on behind none.</summary>
    internal int FirstOwn { get; }

    /// <summary>Of a module also a type of its kernel, in the kernel's file.</summary>
    /// <exception cref="EbpfFormatException">PM8021: there is no type <paramref name="id"/>.</exception>
    public BtfType this[int id] => (uint)id < (uint)FirstOwn ? new BtfType(_base!, id) : (uint)id < (uint)Count ? new BtfType(this, id) : throw Wrong($"there is no type {(uint)id}, but {Count}");

    /// <param name="bytes">The types alone: a section <c>.BTF</c>, or a file of <c>/sys/kernel/btf</c>.</param>
    /// <param name="where">The file, for messages.</param>
    /// <param name="kernel">Of a module: the types that its own go on behind.</param>
    /// <exception cref="EbpfFormatException">PM8021: they break a rule of the format.</exception>
    public static BtfFile Parse(ReadOnlyMemory<byte> bytes, string where, BtfFile? kernel = null)
    {
        if (kernel?._base is not null)
        {
            throw new ArgumentException("the types of a module are no kernel's", nameof(kernel));
        }

        var file = new CheckedBytes(bytes, "PM8021", where);
        if (bytes.Length > BtfLimits.Size)
        {
            throw file.Wrong($"type information: at most {BtfLimits.Size} bytes, got {bytes.Length}");
        }

        var head = BtfHead.Read(file, Magic, FileHeadSize);
        var names = head.Body.Part(head.Word(8), head.Word(12), "the names");

        // The names of a kernel begin with the empty one, which a module has from there. Source: btf_parse_str_sec of Linux.
        return kernel is null && names.Length > 0 && names.Byte(0) != 0
            ? throw new EbpfFormatException("PM8021", "these are the types of a kernel's module, which go on behind the kernel's and say nothing without those", where, "`pm check --btf DIR`: a copy of /sys/kernel/btf, with vmlinux in it")
            : new BtfFile(head.Body.Part(head.Word(0), head.Word(4), "the types"), names, kernel);
    }

    /// <summary>Looks at all that types say of each other, which else is looked at where it is asked for: before others are given them.</summary>
    /// <exception cref="EbpfFormatException">PM8021: it does not hold.</exception>
    public void RequireSound() => BtfCheck.Require(this);

    /// <summary>The first type of that kind and name; of a module its own alone.</summary>
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

    /// <summary>All types of that name, whatever their kind, in their order; of a module its own alone.</summary>
    public ImmutableArray<BtfType> Named(string name) => _expected.TryGetValue(name, out var found) ? found.Named : _names.Value.Find(Encoding.UTF8.GetBytes(name));

    /// <summary>Looks for some names of a kernel's at once, before they are asked for: that takes a fraction of what the table of all names takes, which is made when another is asked for.</summary>
    /// <remarks>Nothing that is found depends on it. One with a flavour, and more than <see cref="BtfLimits.Expected"/>, are left to the table.</remarks>
    internal void Expect(IEnumerable<string> names)
    {
        if (_base is not null || _names.IsValueCreated)
        {
            return;
        }

        var wanted = names.Distinct().Where(n => n.Length > 0 && !_expected.ContainsKey(n)).Select(n => (Name: n, Bytes: Encoding.UTF8.GetBytes(n)))
            .Where(n => CoreNames.Essential(n.Bytes).Length == n.Bytes.Length).ToList();
        if (_expected.Count + wanted.Count > BtfLimits.Expected)
        {
            return;
        }

        var expected = _expected.ToDictionary();
        var found = NamedAlike(wanted.Select(w => w.Bytes), withAll: true).ToLookup(t => Encoding.UTF8.GetString(CoreNames.Essential(t.NameBytes())), StringComparer.Ordinal);
        foreach (var (name, bytes) in wanted)
        {
            var alike = found[name].ToLookup(t => t.NameBytes().Length == bytes.Length);
            expected[name] = ([.. alike[true]], [.. alike[false]]);
        }

        _expected = expected;
    }

    /// <summary>The types of that name, and then those with a flavour of it; null where nobody expected it.</summary>
    internal IEnumerable<BtfType>? ExpectedAlike(string name) => _expected.TryGetValue(name, out var found) ? found.Named.Concat(found.Flavoured) : null;

    /// <summary>All types of a kernel with one of these names, whatever their flavours, in their order: one look at each type, and no table as <see cref="Named"/> makes it.</summary>
    /// <param name="names">Without flavours.</param>
    /// <param name="withAll">Also functions, variables and what else is no type.</param>
    internal List<BtfType> NamedAlike(IEnumerable<byte[]> names, bool withAll = false) =>
        BtfNameScan.Run(_types.Memory.Span, _offsets, _strings.Memory.Span, new WantedNames(names), withAll).ConvertAll(own => new BtfType(this, FirstOwn + own));

    internal BtfKind KindOf(int id) => id == 0 ? BtfKind.Void : (BtfKind)(Head(id, 4) >> 24 & 0x1f);

    internal bool FlagOf(int id) => Head(id, 4) >> 31 != 0;

    internal int CountOf(int id) => (int)(Head(id, 4) & 0xffff);

    /// <summary>Its size, or the type that it is of.</summary>
    internal uint SizeOf(int id) => Head(id, 8);

    internal string NameOf(int id) => Name(Head(id, 0));

    internal ReadOnlySpan<byte> NameBytesOf(int id) => Head(id, 0) is > 0 and var name ? Text(name, BtfLimits.Name, "the name of a type") : [];

    internal ReadOnlySpan<byte> NameBytesAt(uint offset) => offset == 0 ? [] : Text(offset, BtfLimits.Name, "a name");

    internal string Name(uint offset) => offset == 0 ? "" : _strings.Name(Text(offset, BtfLimits.Name, "a name"), "a name");

    /// <summary>A line of source or a path.</summary>
    internal string LongName(uint offset) => offset == 0 ? "" : Encoding.UTF8.GetString(Text(offset, BtfLimits.Line, "a line of source"));

    /// <summary>A number behind the head.</summary>
    internal int Trailing(int id, int at) => BinaryPrimitives.ReadInt32LittleEndian(TrailingOf(id)[at..]);

    /// <summary>What stands between its head and the next type; how much its kind and count say.</summary>
    internal ReadOnlySpan<byte> TrailingOf(int id)
    {
        var own = id - FirstOwn;
        var from = _offsets[own] + HeadSize;
        var end = own + 1 < _offsets.Length ? _offsets[own + 1] : _types.Length;
        return _types.Memory.Span[from..end];
    }

    /// <summary>A name is there, however long: it begins among the names, and all of them end.</summary>
    internal void RequireName(uint offset)
    {
        if (offset >= _namesBefore + (uint)_strings.Length || _strings.Byte(_strings.Length - 1) != 0)
        {
            throw Wrong($"a name should begin at byte {offset} of a table of {_strings.Length}, which should end with a NUL");
        }
    }

    internal EbpfFormatException Wrong(string message) => _types.Wrong(message);

    uint Head(int id, int at) => BinaryPrimitives.ReadUInt32LittleEndian(_types.Memory.Span[(_offsets[id - FirstOwn] + at)..]);

    ReadOnlySpan<byte> Text(uint offset, int limit, string what) =>
        offset < _namesBefore ? _base!.Text(offset, limit, what) : _strings.Text(offset - _namesBefore, limit, what);
}
