using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;

namespace Pm.Ebpf.Sampling;

/// <summary>Where in a value numbers lie that can be added up: what each processor counted for itself.</summary>
static class NumberPlaces
{
    /// <summary>Adds the numbers of all processors up; what is no number is that of the first that has some.</summary>
    public static byte[] Sum(BtfType? type, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var sum = (values.FirstOrDefault(v => v.Span.IndexOfAnyExcept((byte)0) >= 0) is { Length: > 0 } first ? first : values[0]).ToArray();
        Span<byte> bytes = stackalloc byte[8];
        foreach (var (offset, size) in Of(type, sum.Length))
        {
            var total = 0ul;
            foreach (var value in values)
            {
                total += Read(value.Span.Slice(offset, size));
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes, total);
            bytes[..size].CopyTo(sum.AsSpan(offset));
        }

        return sum;
    }

    /// <summary>A number of 1 to 8 bytes, without sign.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }

        return value;
    }

    /// <summary>Offset and size of each number; a value without a type is one number, where it may be.</summary>
    static List<(int Offset, int Size)> Of(BtfType? type, int size)
    {
        var places = new List<(int, int)>();
        if (type is null)
        {
            return size is 1 or 2 or 4 or 8 ? [(0, size)] : [];
        }

        Add(type.Value.Resolve(), 0, size, 0, places);
        return places;
    }

    static void Add(BtfType type, int offset, int end, int depth, List<(int, int)> places)
    {
        if (depth > BtfLimits.Depth || places.Count > EventLimits.Values)
        {
            return;
        }

        switch (type.Kind)
        {
            case BtfKind.Integer when type.Size is 1 or 2 or 4 or 8 && offset + type.Size <= end && !type.IntegerEncoding.IsBoolean:
                places.Add((offset, (int)type.Size));
                break;
            case BtfKind.Struct:
                foreach (var member in type.Members.Where(m => !m.IsBitField))
                {
                    Add(member.Type.Resolve(), offset + (int)(member.BitOffset / 8), end, depth + 1, places);
                }

                break;
            case BtfKind.Array when type.Target.Resolve() is var element && !(element.Kind is BtfKind.Integer && element.Size == 1) && BtfLayout.SizeOf(element) is > 0 and var stride:
                for (var i = 0; i < type.Length && offset + (long)stride * (i + 1) <= end && places.Count <= EventLimits.Values; i++)
                {
                    Add(element, offset + stride * i, end, depth + 1, places);
                }

                break;
        }
    }
}
