using System.Buffers.Binary;

namespace Pm.Ebpf.Btf;

/// <summary>Finds where each type begins, and that all of them lie within the bytes.</summary>
static class BtfOffsets
{
    const int HeadSize = 12;

    /// <summary>Bytes of a type: a little less than the 25 of a kernel's, so that the list of them need not grow.</summary>
    const int UsualSize = 24;

    /// <param name="types">Their bytes.</param>
    /// <param name="first">The number of the first; 0: void is among them.</param>
    /// <param name="lengthOfNames">Bytes of all names that there are.</param>
    /// <exception cref="EbpfFormatException">A kind is unknown, a type is cut off, or there are too many.</exception>
    public static int[] Of(CheckedBytes types, int first, uint lengthOfNames)
    {
        var offsets = new List<int>(1 + types.Length / UsualSize);
        if (first == 0)
        {
            // Void, which has no bytes, has the place of the first type.
            offsets.Add(0);
        }

        // A kernel's are gone over whenever an object is started that asks for some of them.
        var bytes = types.Memory.Span;
        long at = 0;
        while (at < bytes.Length)
        {
            var id = first + offsets.Count;
            if (id > BtfLimits.Types)
            {
                throw types.Wrong($"type information: at most {BtfLimits.Types} types, got more");
            }

            var head = bytes[(int)at..];
            if (head.Length < HeadSize)
            {
                throw CutOff(types, id);
            }

            var (name, info) = (BinaryPrimitives.ReadUInt32LittleEndian(head), BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
            offsets.Add((int)at);
            at += HeadSize + Trailing((BtfKind)(info >> 24 & 0x1f), info & 0xffff, types, id);
            if (at > bytes.Length || (name != 0 && name >= lengthOfNames))
            {
                throw CutOff(types, id);
            }
        }

        return [.. offsets];
    }

    static EbpfFormatException CutOff(CheckedBytes types, int id) => types.Wrong($"type {id} is cut off, or its name lies outside the names");

    static long Trailing(BtfKind kind, uint count, CheckedBytes types, int id) => kind switch
    {
        BtfKind.Integer or BtfKind.Variable or BtfKind.DeclarationTag => 4,
        BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
            or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
        BtfKind.Array => 12,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => 12 * count,
        BtfKind.Enum or BtfKind.FunctionPrototype => 8 * count,
        _ => throw types.Wrong($"type {id} is of kind {(byte)kind}, which is unknown"),
    };
}
