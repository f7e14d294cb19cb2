namespace Pm.Ebpf.Btf;

/// <summary>What types take in memory.</summary>
public static class BtfLayout
{
    /// <summary>Bytes of a pointer, in eBPF.</summary>
    public const int PointerSize = 8;

    /// <summary>Bytes that a value of the type takes; null where it has no size: void, functions, forwards.</summary>
    /// <exception cref="EbpfFormatException">PM8021: it is made of itself, nests too deep, or has 2 GiB or more.</exception>
    public static int? SizeOf(BtfType type)
    {
        var count = 1L;
        for (var depth = 0; ; depth++)
        {
            type = type.Resolve();
            if (depth > BtfLimits.Depth)
            {
                throw type.File.Wrong($"type {type.Id} nests deeper than {BtfLimits.Depth}");
            }

            if (type.Kind is BtfKind.Array)
            {
                // Checked at every step: a product of many lengths would run over.
                count = Checked(type, count * type.Length);
            }
            else if (type.Kind is not BtfKind.Variable)
            {
                return Times(type, count);
            }

            type = type.Target;
        }
    }

    static int? Times(BtfType type, long count) => type.Kind switch
    {
        BtfKind.Pointer => Checked(type, count * PointerSize),
        BtfKind.Integer or BtfKind.Float or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.DataSection => Checked(type, count * type.Size),
        _ => null,
    };

    static int Checked(BtfType type, long size) =>
        size <= int.MaxValue ? (int)size : throw type.File.Wrong($"type {type.Id}: at most {int.MaxValue} bytes, got {size}");
}
