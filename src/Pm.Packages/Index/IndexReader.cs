using System.Buffers.Binary;
using System.Text;

namespace Pm.Packages.Index;

/// <summary>Reads fields of an index one after the other. One that leads beyond the end is damage.</summary>
/// <param name="bytes">Some part of the file.</param>
/// <param name="where">The file, for messages.</param>
ref struct IndexReader(ReadOnlySpan<byte> bytes, string where)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public static PackageFormatException Damaged(string where, string what, Exception? inner = null) =>
        new("PM2018", $"the index is damaged: {what}", where, "pm pull", inner);

    public readonly PackageFormatException Damaged(string what) => Damaged(where, what);

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw Damaged("a field leads beyond its end");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte Byte() => Bytes(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number has no end");
    }

    /// <summary>A number of things that take a byte each at least.</summary>
    public int Count() => Varint() is var count && count <= (uint)_rest.Length ? (int)count : throw Damaged("more is announced than is there");

    public long Int64() => Varint() is var value and <= long.MaxValue ? (long)value : throw Damaged("a number is too large");

    public ReadOnlySpan<byte> Text() => Bytes(Count());

    public string String() => Encoding.UTF8.GetString(Text());
}
