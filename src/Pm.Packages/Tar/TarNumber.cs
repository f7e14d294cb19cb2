using System.Buffers.Binary;

namespace Pm.Packages.Tar;

/// <summary>The number fields of a header: octal text, or base-256 where the top bit is set (GNU, star).</summary>
static class TarNumber
{
    const byte Base256 = 0x80;
    const byte NegativeBase256 = 0xff;

    /// <summary>Reads a field; blank is 0. False when it holds anything else, or does not fit 63 bits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out long value) =>
        (field[0] & Base256) != 0 ? TryParseBinary(field, out value) : TryParseOctal(field, out value);

    static bool TryParseBinary(ReadOnlySpan<byte> field, out long value)
    {
        // The first byte carries the mark and, in 0x80, six more bits that no real number needs.
        value = 0;
        var negative = field[0] == NegativeBase256;
        if (!negative && field[0] != Base256)
        {
            return false;
        }

        var fill = negative ? NegativeBase256 : (byte)0;
        var digits = field[1..];
        while (digits.Length > sizeof(long))
        {
            if (digits[0] != fill)
            {
                return false;
            }

            digits = digits[1..];
        }

        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill(fill);
        digits.CopyTo(wide[(sizeof(long) - digits.Length)..]);
        value = BinaryPrimitives.ReadInt64BigEndian(wide);
        return value < 0 == negative;
    }

    static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        field = field.TrimStart(" \0"u8);
        foreach (var digit in field)
        {
            if (digit is 0 or (byte)' ')
            {
                break;
            }

            if (digit is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    /// <summary>Reads an unsigned decimal number of a pax record. False when it is anything else or does not fit.</summary>
    public static bool TryParseDecimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit) || value > (long.MaxValue - (digit - '0')) / 10)
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return !text.IsEmpty;
    }

    /// <summary>Seconds since 1970 as a time, clamped to its range.</summary>
    public static DateTimeOffset Time(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(
            seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    /// <summary>Reads "[-]seconds[.fraction]" of a pax record, clamped. False when it is anything else.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset value)
    {
        value = default;
        var isNegative = text.StartsWith("-"u8);
        text = isNegative ? text[1..] : text;
        var point = text.IndexOf((byte)'.');
        var fraction = point < 0 ? default : text[(point + 1)..];
        var whole = point < 0 ? text : text[..point];
        if (whole.IsEmpty || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        var seconds = TryParseDecimal(whole, out var parsed) ? parsed : long.MaxValue;
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
        {
            ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        var time = Time(isNegative ? -seconds : seconds);
        ticks = isNegative ? -ticks : ticks;
        var canAdd = ticks < 0 ? time - DateTimeOffset.MinValue > TimeSpan.FromTicks(-ticks)
            : DateTimeOffset.MaxValue - time > TimeSpan.FromTicks(ticks);
        value = canAdd ? time.AddTicks(ticks) : time;
        return true;
    }
}
