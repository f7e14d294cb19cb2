using System.Buffers.Binary;

namespace Pm.Packages.Zip;

/// <summary>The extra fields that matter: wide numbers, a Unicode name, a Unix time. Source: APPNOTE 4.5, 4.6.</summary>
readonly ref struct ZipExtra
{
    const ushort WideTag = 0x0001;
    const ushort UnicodeNameTag = 0x7075;
    const ushort TimeTag = 0x5455;

    ZipExtra(ReadOnlySpan<byte> wide, ReadOnlySpan<byte> unicodeName, ReadOnlySpan<byte> time)
    {
        Wide = wide;
        UnicodeName = unicodeName;
        Time = time;
    }

    public ReadOnlySpan<byte> Wide { get; }

    /// <summary>Version, CRC of the plain name, UTF-8 name.</summary>
    public ReadOnlySpan<byte> UnicodeName { get; }

    public ReadOnlySpan<byte> Time { get; }

    public static ZipExtra Parse(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> wide = default;
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> time = default;

        // Android's tool aligns with up to three bytes that are no field.
        while (field.Length >= 4)
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(field);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(field[2..]);
            if (length > field.Length - 4)
            {
                break;
            }

            var value = field.Slice(4, length);
            field = field[(4 + length)..];
            switch (tag)
            {
                case WideTag:
                    wide = value;
                    break;
                case UnicodeNameTag:
                    name = value;
                    break;
                case TimeTag:
                    time = value;
                    break;
                default:
                    break;
            }
        }

        return new ZipExtra(wide, name, time);
    }

    /// <summary>The name in UTF-8, if the field belongs to <paramref name="plainName"/>.</summary>
    public ReadOnlySpan<byte> NameFor(ReadOnlySpan<byte> plainName) =>
        UnicodeName.Length > 5 && UnicodeName[0] == 1
        && BinaryPrimitives.ReadUInt32LittleEndian(UnicodeName[1..]) == Crc32.Of(plainName)
            ? UnicodeName[5..]
            : default;

    public DateTimeOffset? Modified => Time.Length >= 5 && (Time[0] & 1) != 0
        ? DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt32LittleEndian(Time[1..]))
        : null;

    /// <summary>Takes the next 8 bytes of the wide numbers where the narrow one says so.</summary>
    public static bool TryWiden(ref long value, long mark, ref ReadOnlySpan<byte> wide)
    {
        if (value != mark)
        {
            return true;
        }

        if (wide.Length < 8)
        {
            return false;
        }

        value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value >= 0;
    }
}
