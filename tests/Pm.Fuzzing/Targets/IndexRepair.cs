using System.Buffers.Binary;
using System.Numerics;

namespace Pm.Fuzzing.Targets;

/// <summary>Makes the checksum of an index's head right again, so that damage is met behind it.</summary>
static class IndexRepair
{
    const int TrailerSize = 24;

    public static byte[] Head(byte[] index)
    {
        if (index.Length < TrailerSize)
        {
            return index;
        }

        var trailer = index.AsSpan(index.Length - TrailerSize);
        var (offset, length) = (BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]));
        if (offset + (long)length <= index.Length)
        {
            var crc = uint.MaxValue;
            foreach (var value in index.AsSpan((int)offset, (int)length))
            {
                crc = BitOperations.Crc32C(crc, value);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(trailer[8..], ~crc);
        }

        return index;
    }
}
