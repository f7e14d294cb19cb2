using System.Collections.Immutable;

namespace Pm.Ebpf.Btf;

/// <summary>
/// One type of a <see cref="BtfFile"/>. Nothing but where it lies is kept: what is asked for is read, and checked, each time. A property that
/// the kind has not throws <see cref="InvalidOperationException"/>; whatever the bytes cannot mean, <see cref="EbpfFormatException"/> (PM8021).
/// </summary>
public readonly struct BtfType : IEquatable<BtfType>
{
    readonly BtfFile? _file;

    internal BtfType(BtfFile file, int id) => (_file, Id) = (file, id);

    /// <summary>Its number in the file; 0 is void.</summary>
    public int Id { get; }

    public BtfFile File => _file ?? throw new InvalidOperationException("a type without a file");

    public BtfKind Kind => _file is null ? BtfKind.Void : _file.KindOf(Id);

    /// <summary>Empty where it has none.</summary>
    public string Name => Id == 0 ? "" : File.NameOf(Id);

    /// <summary>Of a struct or union: its members may be bit-fields. Of an enumeration: signed. Of a forward: a union. Of a tag: an attribute.</summary>
    public bool Flag => Id != 0 && File.FlagOf(Id);

    /// <summary>The type that a pointer, typedef, qualifier, tag, variable or function is of, the element of an array, or what a prototype returns.</summary>
    public BtfType Target => Kind switch
    {
        BtfKind.Pointer or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag or BtfKind.DeclarationTag
            or BtfKind.Variable or BtfKind.Function or BtfKind.FunctionPrototype => File[(int)File.SizeOf(Id)],
        BtfKind.Array => File[File.Trailing(Id, 0)],
        _ => throw NotOf("target"),
    };

    /// <summary>Bytes of an integer, float, struct, union, enumeration or data section; see <see cref="BtfLayout.SizeOf"/> for any type.</summary>
    public uint Size => Kind switch
    {
        BtfKind.Integer or BtfKind.Float or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.DataSection => File.SizeOf(Id),
        _ => throw NotOf("size"),
    };

    /// <summary>How many elements an array has; 0 also for one of no fixed length.</summary>
    public uint Length => Kind is BtfKind.Array ? (uint)File.Trailing(Id, 8) : throw NotOf("length");

    /// <summary>The type that an array is counted by.</summary>
    internal int IndexId => Kind is BtfKind.Array ? File.Trailing(Id, 4) : throw NotOf("index");

    /// <summary>How many members, values, parameters or variables it has; known without reading them.</summary>
    public int Count => Id == 0 ? 0 : File.CountOf(Id);

    /// <summary>How an integer is read.</summary>
    public BtfIntegerEncoding IntegerEncoding => Kind is BtfKind.Integer ? new BtfIntegerEncoding((uint)File.Trailing(Id, 0)) : throw NotOf("encoding");

    /// <summary>Of a variable or function.</summary>
    public BtfLinkage Linkage => Kind switch
    {
        BtfKind.Variable => (BtfLinkage)File.Trailing(Id, 0),
        BtfKind.Function => (BtfLinkage)File.CountOf(Id),
        _ => throw NotOf("linkage"),
    };

    /// <summary>Which member or parameter a declaration's tag is for; -1 when it is for the whole.</summary>
    public int Component => Kind is BtfKind.DeclarationTag ? File.Trailing(Id, 0) : throw NotOf("component");

    public bool IsComposite => Kind is BtfKind.Struct or BtfKind.Union;

    public bool IsEnum => Kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>
    /// An enumeration of more bits than are written down of its values. Before LLVM 15 there was no <see cref="BtfKind.Enum64"/>, and 4294967296 became 0: what its names stand for is not known.
    /// </summary>
    public bool IsCut => Kind is BtfKind.Enum && Size > sizeof(int);

    /// <summary>Arrays of it are text: <c>char</c> is, <c>unsigned char</c> and <c>__u8</c> are numbers.</summary>
    public bool IsText => Kind is BtfKind.Integer && Size == 1 && (IntegerEncoding.IsCharacter || NameBytes().SequenceEqual("char"u8));

    /// <summary>It stands for its target, and says something of it besides.</summary>
    public bool IsModifier => Kind is BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag;

    public ImmutableArray<BtfMember> Members => IsComposite ? BtfRecords.Members(this) : throw NotOf("members");

    public ImmutableArray<BtfEnumerator> Enumerators => IsEnum ? BtfRecords.Enumerators(this) : throw NotOf("enumerators");

    public ImmutableArray<BtfParameter> Parameters => Kind is BtfKind.FunctionPrototype ? BtfRecords.Parameters(this) : throw NotOf("parameters");

    public ImmutableArray<BtfVariable> Variables => Kind is BtfKind.DataSection ? BtfRecords.Variables(this) : throw NotOf("variables");

    /// <summary>One of <see cref="Members"/>, without reading the others.</summary>
    public BtfMember MemberAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return IsComposite ? BtfRecords.Member(this, index) : throw NotOf("members");
    }

    /// <summary>One of <see cref="Enumerators"/>, without reading the others.</summary>
    public BtfEnumerator EnumeratorAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        return IsEnum ? BtfRecords.Enumerator(this, index) : throw NotOf("enumerators");
    }

    public static bool operator ==(BtfType left, BtfType right) => left.Equals(right);

    public static bool operator !=(BtfType left, BtfType right) => !left.Equals(right);

    /// <summary>The name as it stands in the file, not copied.</summary>
    public ReadOnlySpan<byte> NameBytes() => Id == 0 ? [] : File.NameBytesOf(Id);

    /// <summary>What it stands for: typedefs, qualifiers and tags taken off.</summary>
    /// <exception cref="EbpfFormatException">PM8021: more than <see cref="BtfLimits.Depth"/> of them, or for ever.</exception>
    public BtfType Resolve()
    {
        var type = this;
        for (var depth = 0; type.IsModifier; depth++)
        {
            type = depth < BtfLimits.Depth ? type.Target : throw File.Wrong($"type {Id} stands for another more than {BtfLimits.Depth} times over");
        }

        return type;
    }

    public bool Equals(BtfType other) => ReferenceEquals(_file, other._file) && Id == other.Id;

    public override bool Equals(object? obj) => obj is BtfType other && Equals(other);

    public override int GetHashCode() => Id;

    /// <summary>As C writes it.</summary>
    public override string ToString() => BtfWording.Of(this);

    InvalidOperationException NotOf(string what) => new($"type {Id} of kind {Kind} has no {what}");
}
