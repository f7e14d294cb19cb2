using System.Buffers.Binary;

namespace Pm.Ebpf.Btf;

/// <summary>Names that are looked for among many: most others begin differently, and are told from them by a look at four bytes.</summary>
sealed class WantedNames
{
    const int HashBits = 16;

    readonly ulong[] _begins = new ulong[(1 << HashBits) / 64];
    readonly List<byte[]>?[] _byLength = new List<byte[]>?[BtfLimits.Name + 1];

    /// <param name="names">Without flavours.</param>
    public WantedNames(IEnumerable<byte[]> names)
    {
        foreach (var name in names.Where(n => n.Length <= BtfLimits.Name))
        {
            (_byLength[name.Length] ??= []).Add(name);
            Mark(name);
            if (name.Length < 4)
            {
                // Where its flavours go on.
                Mark([.. name, .. "___"u8]);
            }
        }
    }

    /// <summary>Whether a text, which goes on behind the zero that ends it, is one of them, or a flavour of one.</summary>
    public bool Has(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        if ((_begins[hash / 64] & (1UL << (hash % 64))) == 0)
        {
            return false;
        }

        var length = text[..Math.Min(text.Length, BtfLimits.Name + 1)].IndexOf((byte)0);
        var essential = CoreNames.Essential(text[..Math.Max(length, 0)]);
        foreach (var name in _byLength[essential.Length] ?? [])
        {
            if (essential.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    void Mark(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        _begins[hash / 64] |= 1UL << (hash % 64);
    }

    /// <summary>Of the first four bytes, or of those before a zero.</summary>
    static int Hash(ReadOnlySpan<byte> text)
    {
        var begin = 0u;
        if (text.Length >= 4)
        {
            begin = BinaryPrimitives.ReadUInt32LittleEndian(text);
            var zeros = (begin - 0x01010101) & ~begin & 0x80808080;
            begin = zeros == 0 ? begin : begin & ((zeros & (0 - zeros)) - 1) >> 7;
        }
        else
        {
            for (var i = 0; i < text.Length && text[i] != 0; i++)
            {
                begin |= (uint)text[i] << (8 * i);
            }
        }

        return (int)((begin * 2654435761) >> (32 - HashBits));
    }
}
