using System.Buffers.Binary;

namespace Pm.Ebpf.Btf;

/// <summary>Looks for a few names in the types of a kernel, each read once.</summary>
static class BtfNameScan
{
    /// <param name="types">Their bytes.</param>
    /// <param name="offsets">Where each begins, void first.</param>
    /// <param name="strings">All names.</param>
    /// <param name="names">Those that are looked for.</param>
    /// <param name="withAll">Also functions, variables and what else is no type.</param>
    /// <returns>Which of the types have one of them, or a flavour of one.</returns>
    public static List<int> Run(ReadOnlySpan<byte> types, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> strings, WantedNames names, bool withAll)
    {
        var found = new List<int>();
        for (var i = 1; i < offsets.Length; i++)
        {
            var head = types.Slice(offsets[i], 8);
            var at = BinaryPrimitives.ReadUInt32LittleEndian(head);
            var kind = (BtfKind)(head[7] & 0x1f);
            if (at == 0 || at >= (uint)strings.Length || (!withAll && kind is BtfKind.Function or BtfKind.Variable or BtfKind.DataSection or BtfKind.DeclarationTag))
            {
                continue;
            }

            if (names.Has(strings[(int)at..]))
            {
                found.Add(i);
            }
        }

        return found;
    }
}
