using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>The numbers of a field that relocations ask for. Source: bpf_core_calc_field_relo of libbpf.</summary>
readonly record struct CoreField
{
    const int LargestRead = 8;

    CoreField(BtfType type, long offset, long size, bool isBitField, long bitOffset, long bits) =>
        (Type, Offset, Size, IsBitField, BitOffset, Bits) = (type, offset, size, isBitField, bitOffset, bits);

    public BtfType Type { get; }

    /// <summary>Of the bytes that are read, from the begin of the struct.</summary>
    public long Offset { get; }

    /// <summary>Of the bytes that are read.</summary>
    public long Size { get; }

    public bool IsBitField { get; }

    long BitOffset { get; }

    long Bits { get; }

    /// <summary>Null: it has no size, or is a bit-field that no read of 8 bytes gets whole.</summary>
    public static CoreField? Of(CorePath path)
    {
        var last = path.Steps[^1];
        if (last.Name is null)
        {
            return BtfLayout.SizeOf(last.Holder) is { } size ? new CoreField(last.Holder.Resolve(), path.BitOffset / 8, size, false, path.BitOffset, 8L * size) : null;
        }

        var member = last.Holder.MemberAt(last.Index);
        var type = member.Type.Resolve();
        return member.IsBitField ? OfBits(type, path.BitOffset, member.BitFieldSize)
            : BtfLayout.SizeOf(type) is { } whole ? new CoreField(type, path.BitOffset / 8, whole, false, path.BitOffset, 8L * whole) : null;
    }

    /// <summary>What a relocation of that kind gets.</summary>
    public long? Value(CoreRelocationKind kind) => kind switch
    {
        CoreRelocationKind.FieldExists => 1,
        CoreRelocationKind.FieldOffset => Offset,
        CoreRelocationKind.FieldSize => Size,
        CoreRelocationKind.FieldSigned => (Type.IsEnum && Type.Flag) || (Type.Kind is BtfKind.Integer && Type.IntegerEncoding.IsSigned) ? 1 : 0,
        CoreRelocationKind.FieldLeftShift => 64 - (BitOffset + Bits - 8 * Offset),
        CoreRelocationKind.FieldRightShift => 64 - Bits,
        _ => null,
    };

    /// <summary>Whether an instruction that reads the one by its size may read the other by its own.</summary>
    public bool MayBeReadAs(CoreField other) => IsBitField || other.IsBitField || Size == other.Size
        || (Type.Kind is BtfKind.Pointer && other.Type.Kind is BtfKind.Pointer)
        || (Type is { Kind: BtfKind.Integer, IntegerEncoding.IsSigned: false } && other.Type is { Kind: BtfKind.Integer, IntegerEncoding.IsSigned: false });

    static CoreField? OfBits(BtfType type, long bitOffset, byte bits)
    {
        if (BtfLayout.SizeOf(type) is not (> 0 and <= LargestRead and var whole))
        {
            return null;
        }

        long size = whole;
        var offset = bitOffset / 8 / size * size;
        while (bitOffset + bits - 8 * offset > 8 * size)
        {
            if (size >= LargestRead)
            {
                return null;
            }

            size *= 2;
            offset = bitOffset / 8 / size * size;
        }

        return new CoreField(type, offset, size, true, bitOffset, bits);
    }
}
