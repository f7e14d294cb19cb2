using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Pm.Ebpf.Btf;

/// <summary>Reads what follows a type's head: a record for each member, value, parameter or variable.</summary>
static class BtfRecords
{
    public static ImmutableArray<BtfMember> Members(BtfType type) =>
        type.Flag ? All(type, 12, MemberWithBits) : All(type, 12, Member);

    /// <summary>One of them, without reading the others.</summary>
    public static BtfMember Member(BtfType type, int index)
    {
        var bytes = type.File.TrailingOf(type.Id).Slice(12 * index, 12);
        return type.Flag ? MemberWithBits(type.File, bytes) : Member(type.File, bytes);
    }

    public static ImmutableArray<BtfEnumerator> Enumerators(BtfType type) =>
        type.Kind is BtfKind.Enum64 ? All(type, 12, Wide) : type.Flag ? All(type, 8, Signed) : All(type, 8, Unsigned);

    /// <summary>One of them, without reading the others.</summary>
    public static BtfEnumerator Enumerator(BtfType type, int index)
    {
        var size = type.Kind is BtfKind.Enum64 ? 12 : 8;
        var bytes = type.File.TrailingOf(type.Id).Slice(size * index, size);
        return type.Kind is BtfKind.Enum64 ? Wide(type.File, bytes) : type.Flag ? Signed(type.File, bytes) : Unsigned(type.File, bytes);
    }

    public static ImmutableArray<BtfParameter> Parameters(BtfType type) =>
        All(type, 8, (file, bytes) => new BtfParameter(file.Name(Word(bytes, 0)), file[Id(bytes, 4)]));

    public static ImmutableArray<BtfVariable> Variables(BtfType type) =>
        All(type, 12, (file, bytes) => new BtfVariable(file[Id(bytes, 0)], Word(bytes, 4), Word(bytes, 8)));

    static BtfMember Member(BtfFile file, ReadOnlySpan<byte> bytes) => new(file.Name(Word(bytes, 0)), file[Id(bytes, 4)], Word(bytes, 8), 0);

    static BtfMember MemberWithBits(BtfFile file, ReadOnlySpan<byte> bytes) =>
        new(file.Name(Word(bytes, 0)), file[Id(bytes, 4)], Word(bytes, 8) & 0xff_ffff, bytes[11]);

    static BtfEnumerator Signed(BtfFile file, ReadOnlySpan<byte> bytes) => new(file.Name(Word(bytes, 0)), Id(bytes, 4));

    static BtfEnumerator Unsigned(BtfFile file, ReadOnlySpan<byte> bytes) => new(file.Name(Word(bytes, 0)), Word(bytes, 4));

    static BtfEnumerator Wide(BtfFile file, ReadOnlySpan<byte> bytes) => new(file.Name(Word(bytes, 0)), (long)((ulong)Word(bytes, 8) << 32 | Word(bytes, 4)));

    static ImmutableArray<T> All<T>(BtfType type, int size, Reader<T> read)
    {
        var records = type.File.TrailingOf(type.Id);
        var all = ImmutableArray.CreateBuilder<T>(records.Length / size);
        for (var at = 0; at < records.Length; at += size)
        {
            all.Add(read(type.File, records.Slice(at, size)));
        }

        return all.MoveToImmutable();
    }

    static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    static int Id(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    delegate T Reader<T>(BtfFile file, ReadOnlySpan<byte> bytes);
}
