using System.Buffers.Binary;

namespace Pm.Ebpf.Btf;

/// <summary>Looks for a few names in the types of a kernel, each read once.</summary>
static class BtfNameScan
{
    /// <param name="types">Their bytes.</param>
    /// <param name="offsets">Where each begins, void first.</param>
    /// <param name="strings">All names.</param>
    /// <param name="names">Those that are looked for, without flavours.</param>
    /// <returns>Which of the types have one of them; functions and variables are none.</returns>
    public static List<int> Run(ReadOnlySpan<byte> types, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> strings, IReadOnlyCollection<byte[]> names)
    {
        var found = new List<int>();

        // Most names differ in how they begin; what is left is compared.
        Span<bool> begins = stackalloc bool[1 << 12];
        begins.Clear();
        foreach (var name in names)
        {
            begins[Begin(name)] = true;

            // A flavour begins where a name of one letter ends.
            begins[Begin([.. name, (byte)'_'])] = true;
        }

        for (var i = 1; i < offsets.Length; i++)
        {
            var head = types.Slice(offsets[i], 8);
            var at = BinaryPrimitives.ReadUInt32LittleEndian(head);
            var kind = (BtfKind)(head[7] & 0x1f);
            if (at == 0 || at >= (uint)strings.Length || kind is BtfKind.Function or BtfKind.Variable or BtfKind.DataSection or BtfKind.DeclarationTag)
            {
                continue;
            }

            var text = strings[(int)at..];
            if (begins[Begin(text)] && IsOne(text, names))
            {
                found.Add(i);
            }
        }

        return found;
    }

    static bool IsOne(ReadOnlySpan<byte> text, IReadOnlyCollection<byte[]> names)
    {
        var length = text[..Math.Min(text.Length, BtfLimits.Name + 1)].IndexOf((byte)0);
        var essential = CoreNames.Essential(text[..Math.Max(length, 0)]);
        foreach (var name in names)
        {
            if (essential.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A number below 4096 for the first two bytes.</summary>
    static int Begin(ReadOnlySpan<byte> name) => name.Length == 0 ? 0 : name[0] | (name.Length > 1 ? name[1] & 0xf : 0) << 8;
}
