namespace Pm.Ebpf.Btf;

/// <summary>A member of a struct or union.</summary>
/// <param name="Name">Empty where what the member's type has belongs to the struct itself.</param>
/// <param name="Type">Its type.</param>
/// <param name="BitOffset">Where it begins, from the struct's first bit on; that of the lowest bit, as the machine is little-endian.</param>
/// <param name="BitFieldSize">Bits of a bit-field; 0 for any other.</param>
public readonly record struct BtfMember(string Name, BtfType Type, uint BitOffset, byte BitFieldSize)
{
    public bool IsBitField => BitFieldSize != 0;
}
