using System.Buffers.Binary;
using System.Numerics;

namespace Pm.Packages.Index;

/// <summary>What reader and writer of an index file agree on. Source: docs/formats/index.md.</summary>
static class IndexFormat
{
    public const uint Version = 1;

    /// <summary>Bytes of the whole file: every offset is below.</summary>
    public const int MaximumSize = int.MaxValue;

    /// <summary>Offset, length and checksum of the head, <see cref="Version"/>, <see cref="Magic"/>.</summary>
    public const int TrailerSize = 24;

    public const int NameEntrySize = 16;
    public const int VersionEntrySize = 8;
    public const int CapabilityEntrySize = 4;
    public const int TrigramEntrySize = 12;

    /// <summary>What <see cref="Extend"/> begins with.</summary>
    public const uint EmptyChecksum = uint.MaxValue;

    /// <summary>Offset, length and checksum.</summary>
    public const int SectionEntrySize = 12;

    public const int ConsistentFlag = 1;
    public const int DisjointFlag = 2;

    /// <summary>In place of a number: there is none.</summary>
    public const uint None = uint.MaxValue;

    public static int SectionCount { get; } = Enum.GetValues<IndexSection>().Length;

    /// <summary>Stands at the start and at the end.</summary>
    public static ReadOnlySpan<byte> Magic => "pm-index"u8;

    /// <summary>CRC-32C of one text after the other. Source: RFC 3720, B.4.</summary>
    public static uint Checksum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) => ~Extend(Extend(EmptyChecksum, first), second);

    /// <summary>Goes on with a checksum that is not finished: one's complement of what is shown.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
