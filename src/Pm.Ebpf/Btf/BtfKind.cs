namespace Pm.Ebpf.Btf;

#pragma warning disable CA1720 // They are types: the names are the format's.

/// <summary>What a type is. Source: Documentation/bpf/btf.rst of Linux.</summary>
public enum BtfKind : byte
{
    Void = 0,
    Integer = 1,
    Pointer = 2,
    Array = 3,
    Struct = 4,
    Union = 5,

    /// <summary>With values of 32 bits; see <see cref="Enum64"/>.</summary>
    Enum = 6,

    /// <summary>A struct or union of which only the name is known.</summary>
    Forward = 7,
    Typedef = 8,
    Volatile = 9,
    Const = 10,
    Restrict = 11,
    Function = 12,
    FunctionPrototype = 13,
    Variable = 14,

    /// <summary>The variables of one section.</summary>
    DataSection = 15,
    Float = 16,
    DeclarationTag = 17,
    TypeTag = 18,
    Enum64 = 19,
}
