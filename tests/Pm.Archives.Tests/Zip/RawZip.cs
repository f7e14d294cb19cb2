using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pm.Archives.Tests.Zip;

/// <summary>Puts zip files together record by record, so that each can lie.</summary>
sealed class RawZip
{
    readonly List<byte> _bytes = [];
    readonly List<byte> _directory = [];
    int _entries;

    public sealed record Member(string Name, byte[] Content)
    {
        public string? LocalName { get; init; }

        public int Method { get; init; } = 8;

        public int Flags { get; init; }

        public uint Attributes { get; init; } = 0x81a4u << 16;

        public int Host { get; init; } = 3;

        public long? StatedSize { get; init; }

        public uint? StatedCrc { get; init; }

        public bool HasDescriptor { get; init; }

        public int? Offset { get; init; }

        public byte[] Extra { get; init; } = [];
    }

    public static Member File(string name, string content) => new(name, Encoding.UTF8.GetBytes(content));

    public static Member Symlink(string name, string target) =>
        new(name, Encoding.UTF8.GetBytes(target)) { Attributes = 0xa1ffu << 16 };

    public RawZip Prefix(string program)
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(program));
        return this;
    }

    public RawZip Add(Member m)
    {
        var offset = m.Offset ?? _bytes.Count;
        var packed = m.Method == 8 ? Deflate(m.Content) : m.Content;
        var size = (uint)(m.StatedSize ?? m.Content.Length);
        var crc = m.StatedCrc ?? Crc(m.Content);
        var flags = (ushort)(m.Flags | (m.HasDescriptor ? 8 : 0));
        if (m.Offset is null)
        {
            var local = Encoding.UTF8.GetBytes(m.LocalName ?? m.Name);
            Numbers(_bytes, "4222224442", 0x04034b50, 20, flags, (uint)m.Method, 0, 33, m.HasDescriptor ? 0 : crc,
                m.HasDescriptor ? 0 : (uint)packed.Length, m.HasDescriptor ? 0 : size, (uint)local.Length);
            Numbers(_bytes, "2", 0);
            _bytes.AddRange(local);
            _bytes.AddRange(packed);
            if (m.HasDescriptor)
            {
                Numbers(_bytes, "4444", 0x08074b50, crc, (uint)packed.Length, size);
            }
        }

        var name = Encoding.UTF8.GetBytes(m.Name);
        Numbers(_directory, "4222222444222224", 0x02014b50, (uint)(20 | (m.Host << 8)), 20, flags, (uint)m.Method, 0, 33,
            crc, (uint)packed.Length, size, (uint)name.Length, (uint)m.Extra.Length, 0, 0, 0, m.Attributes);
        Numbers(_directory, "4", (uint)offset);
        _directory.AddRange(name);
        _directory.AddRange(m.Extra);
        _entries++;
        return this;
    }

    public byte[] ToBytes(int? statedEntries = null, string comment = "")
    {
        var end = new List<byte>();
        Numbers(end, "42222442", 0x06054b50, 0, 0, (uint)(statedEntries ?? _entries), (uint)(statedEntries ?? _entries),
            (uint)_directory.Count, (uint)_bytes.Count, (uint)comment.Length);
        return [.. _bytes, .. _directory, .. end, .. Encoding.UTF8.GetBytes(comment)];
    }

    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    static void Numbers(List<byte> target, string widths, params uint[] values)
    {
        Span<byte> number = stackalloc byte[4];
        for (var i = 0; i < widths.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, values[i]);
            target.AddRange(number[..(widths[i] - '0')]);
        }
    }

    static byte[] Deflate(byte[] content)
    {
        var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }
}
