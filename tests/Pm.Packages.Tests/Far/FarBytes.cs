using System.Buffers.Binary;
using System.Text;

namespace Pm.Packages.Tests.Far;

/// <summary>A FAR laid out by hand, so that each field can be wrong.</summary>
sealed class FarBytes
{
    public const ulong DirectoryType = 0x2d2d2d2d2d524944;
    public const ulong NamesType = 0x53454d414e524944;

    public List<(ulong Type, ulong Offset, ulong Length)> Index { get; set; } = [];

    public List<(uint NameOffset, ushort NameLength, ulong Offset, ulong Length)> Entries { get; set; } = [];

    public byte[] NameBytes { get; set; } = [];

    public Dictionary<int, byte[]> Contents { get; } = [];

    public int Length { get; set; }

    public int DirectoryAt { get; set; } = 0x40;

    public int NamesAt { get; set; } = 0xa0;

    /// <summary>The published example: a = "a\n", b = "b\n", dir/c = "dir/c\n".</summary>
    public static FarBytes Example() => new()
    {
        Index = [(DirectoryType, 0x40, 0x60), (NamesType, 0xa0, 8)],
        Entries = [(0, 1, 0x1000, 2), (1, 1, 0x2000, 2), (2, 5, 0x3000, 6)],
        NameBytes = "abdir/c\0"u8.ToArray(),
        Contents = { [0x1000] = "a\n"u8.ToArray(), [0x2000] = "b\n"u8.ToArray(), [0x3000] = "dir/c\n"u8.ToArray() },
        Length = 0x4000,
    };

    /// <summary>One file of this name with the content "x".</summary>
    public static FarBytes Named(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var padded = (bytes.Length + 7) / 8 * 8;
        return new()
        {
            Index = [(DirectoryType, 0x40, 0x20), (NamesType, 0x60, (ulong)padded)],
            Entries = [(0, (ushort)bytes.Length, 0x1000, 1)],
            NameBytes = bytes,
            NamesAt = 0x60,
            Contents = { [0x1000] = "x"u8.ToArray() },
            Length = 0x2000,
        };
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        new byte[] { 0xc8, 0xbf, 0x0b, 0x48, 0xad, 0xab, 0xc5, 0x11 }.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), (ulong)Index.Count * 24);
        foreach (var (content, at) in Contents.Select(c => (c.Value, c.Key)))
        {
            content.CopyTo(bytes, at);
        }

        for (var i = 0; i < Index.Count; i++)
        {
            var entry = bytes.AsSpan(16 + (24 * i));
            BinaryPrimitives.WriteUInt64LittleEndian(entry, Index[i].Type);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], Index[i].Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Index[i].Length);
        }

        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = bytes.AsSpan(DirectoryAt + (32 * i));
            BinaryPrimitives.WriteUInt32LittleEndian(entry, Entries[i].NameOffset);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], Entries[i].NameLength);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], Entries[i].Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], Entries[i].Length);
        }

        NameBytes.CopyTo(bytes.AsSpan(NameBytes.Length == 0 ? 0 : NamesAt));
        return bytes;
    }
}
