namespace Pm.Ebpf.Btf;

/// <summary>How an integer is read. Source: btf.rst, BTF_KIND_INT.</summary>
/// <param name="Word">The bits that say it.</param>
public readonly record struct BtfIntegerEncoding(uint Word)
{
    public bool IsSigned => (Word & 1 << 24) != 0;

    public bool IsCharacter => (Word & 2 << 24) != 0;

    public bool IsBoolean => (Word & 4 << 24) != 0;

    /// <summary>How many bits count, which may be fewer than its bytes have.</summary>
    public byte Bits => (byte)Word;

    /// <summary>The first bit that counts; old compilers wrote bit-fields so.</summary>
    public byte Offset => (byte)(Word >> 16);
}
