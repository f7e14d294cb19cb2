using System.Buffers;
using System.Buffers.Binary;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>Writes some types of a file as a file of their own, with new numbers in the old order. Source: btf.rst.</summary>
/// <param name="taken">Which types; true: with members.</param>
/// <param name="kept">Which members of a type.</param>
sealed class ExcerptWriter(SortedDictionary<int, bool> taken, Func<BtfType, IEnumerable<int>> kept)
{
    const int HeadSize = 24;

    readonly Dictionary<int, uint> _numbers = taken.Keys.Select((id, i) => (id, Number: (uint)i + 1)).Prepend((0, 0u)).ToDictionary();
    readonly ArrayBufferWriter<byte> _types = new();
    readonly ArrayBufferWriter<byte> _strings = new();

    public byte[] Write(BtfFile file)
    {
        _strings.Write((ReadOnlySpan<byte>)[0]);
        foreach (var (id, isWhole) in taken)
        {
            Type(file[id], isWhole);
        }

        var bytes = new byte[HeadSize + _types.WrittenCount + _strings.WrittenCount];
        Head(bytes);
        _types.WrittenSpan.CopyTo(bytes.AsSpan(HeadSize));
        _strings.WrittenSpan.CopyTo(bytes.AsSpan(HeadSize + _types.WrittenCount));
        return bytes;
    }

    void Head(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 0xeb9f);
        bytes[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], HeadSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], _types.WrittenCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], _types.WrittenCount);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], _strings.WrittenCount);
    }

    void Type(BtfType type, bool isWhole)
    {
        int[] members = type.IsComposite && isWhole ? [.. kept(type)] : [];
        Word(Name(type.NameBytes()));
        Word((uint)type.Kind << 24 | (type.Flag ? 1u << 31 : 0) | (uint)(type.IsComposite ? members.Length : type.Count));
        Word(type.IsComposite || type.IsEnum || type.Kind is BtfKind.Integer or BtfKind.Float ? type.Size
            : type.Kind is BtfKind.Array or BtfKind.Forward ? 0 : _numbers[type.Target.Id]);
        var trailing = type.File.TrailingOf(type.Id);
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                foreach (var index in members)
                {
                    var member = trailing.Slice(12 * index, 12);
                    Word(Name(type.File.NameBytesAt(Number(member, 0))));
                    Word(_numbers[(int)Number(member, 4)]);
                    Word(Number(member, 8));
                }

                break;
            case BtfKind.Enum or BtfKind.Enum64:
                for (var size = type.Kind is BtfKind.Enum ? 8 : 12; !trailing.IsEmpty; trailing = trailing[size..])
                {
                    Word(Name(type.File.NameBytesAt(Number(trailing, 0))));
                    _types.Write(trailing[4..size]);
                }

                break;
            case BtfKind.FunctionPrototype:
                for (; !trailing.IsEmpty; trailing = trailing[8..])
                {
                    Word(0);
                    Word(_numbers[(int)Number(trailing, 4)]);
                }

                break;
            case BtfKind.Array:
                Word(_numbers[type.Target.Id]);
                Word(_numbers[type.IndexId]);
                Word(type.Length);
                break;
            default:
                _types.Write(trailing);
                break;
        }
    }

    uint Name(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        var place = (uint)_strings.WrittenCount;
        _strings.Write(name);
        _strings.Write((ReadOnlySpan<byte>)[0]);
        return place;
    }

    void Word(uint number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_types.GetSpan(4), number);
        _types.Advance(4);
    }

    static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
