using System.Buffers;
using System.Globalization;

namespace Pm.Packages.Toml;

/// <summary>Values that are not quoted: numbers, booleans, dates and times.</summary>
static class TomlWord
{
    public static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);
    static readonly SearchValues<byte> OctalDigits = SearchValues.Create("01234567"u8);
    static readonly SearchValues<byte> BinaryDigits = SearchValues.Create("01"u8);

    /// <summary>The value; else what is wrong with it.</summary>
    public static string? Read(ReadOnlySpan<byte> word, TomlSpan span, out TomlValue value)
    {
        value = default;
        if (word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8))
        {
            value = TomlValue.OfBoolean(span, word.Length == 4);
            return null;
        }

        if (TomlTime.LooksLike(word))
        {
            var fault = TomlTime.Read(word, out var time);
            value = fault is null ? TomlValue.OfDateTime(span, time!) : default;
            return fault;
        }

        var unsigned = word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        if (unsigned.SequenceEqual("inf"u8) || unsigned.SequenceEqual("nan"u8))
        {
            var isNegative = word[0] == '-';
            value = TomlValue.OfFloat(span, unsigned[0] == 'n' ? double.NaN : isNegative ? double.NegativeInfinity : double.PositiveInfinity);
            return null;
        }

        if (unsigned.IsEmpty || !char.IsAsciiDigit((char)unsigned[0]))
        {
            return NotAValue(word);
        }

        return unsigned.Length > 1 && unsigned[0] == '0' && char.IsAsciiLetter((char)unsigned[1]) && unsigned[1] is not ((byte)'e' or (byte)'E')
            ? Prefixed(word, span, out value)
            : Decimal(word, unsigned, span, out value);
    }

    static string NotAValue(ReadOnlySpan<byte> word) => $"{Shown.Quote(word)} is no value; a text stands in quotes";

    /// <summary>Hexadecimal, octal and binary integers: no sign, as many zeros as one likes.</summary>
    static string? Prefixed(ReadOnlySpan<byte> word, TomlSpan span, out TomlValue value)
    {
        value = default;
        var (bits, digits) = word switch
        {
            [(byte)'0', (byte)'x', ..] => (4, HexDigits),
            [(byte)'0', (byte)'o', ..] => (3, OctalDigits),
            [(byte)'0', (byte)'b', ..] => (1, BinaryDigits),
            _ => (0, Digits),
        };
        if (bits == 0 || !AreDigits(word[2..], digits))
        {
            return $"{Shown.Quote(word)} is no integer: expected 0x, 0o or 0b and digits, without a sign";
        }

        ulong number = 0;
        foreach (var b in word[2..])
        {
            if (b == '_')
            {
                continue;
            }

            if (number >> (63 - bits) != 0)
            {
                return TooLarge(word);
            }

            number = (number << bits) | (uint)Convert.ToInt32(((char)b).ToString(), 16);
        }

        value = TomlValue.OfInteger(span, (long)number);
        return null;
    }

    static string? Decimal(ReadOnlySpan<byte> word, ReadOnlySpan<byte> unsigned, TomlSpan span, out TomlValue value)
    {
        value = default;
        var end = unsigned.IndexOfAny((byte)'.', (byte)'e', (byte)'E');
        var whole = end < 0 ? unsigned : unsigned[..end];
        if (!AreDigits(whole, Digits))
        {
            return whole.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var at and >= 0 && whole[at] != '_'
                ? NotAValue(word)
                : $"{Shown.Quote(word)} is no number: an underscore stands between two digits";
        }

        if (whole.Length > 1 && whole[0] == '0')
        {
            return $"{Shown.Quote(word)} is no number: it begins with a zero";
        }

        return end < 0 ? Integer(word, span, out value) : Float(word, unsigned[end..], span, out value);
    }

    static string? Integer(ReadOnlySpan<byte> word, TomlSpan span, out TomlValue value)
    {
        var isNegative = word[0] == '-';
        var unsigned = word[0] is (byte)'+' or (byte)'-' ? word[1..] : word;
        var largest = isNegative ? 1UL << 63 : long.MaxValue;
        ulong number = 0;
        value = default;
        foreach (var b in unsigned)
        {
            if (b == '_')
            {
                continue;
            }

            var digit = (ulong)(b - '0');
            if (number > (largest - digit) / 10)
            {
                return TooLarge(word);
            }

            number = (number * 10) + digit;
        }

        value = TomlValue.OfInteger(span, isNegative ? unchecked(-(long)number) : (long)number);
        return null;
    }

    /// <summary>A fraction, an exponent, or both; each with digits. The exponent may begin with zeros.</summary>
    static string? Float(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest, TomlSpan span, out TomlValue value)
    {
        value = default;
        var exponent = rest.IndexOfAny((byte)'e', (byte)'E');
        var fraction = exponent < 0 ? rest : rest[..exponent];
        var power = exponent < 0 ? [] : rest[(exponent + 1)..];
        var unsignedPower = power.IsEmpty || power[0] is not ((byte)'+' or (byte)'-') ? power : power[1..];
        if ((!fraction.IsEmpty && !AreDigits(fraction[1..], Digits)) || (exponent >= 0 && !AreDigits(unsignedPower, Digits)))
        {
            return $"{Shown.Quote(word)} is no number: digits stand on both sides of a point, behind an e, and around an underscore";
        }

        value = TomlValue.OfFloat(span, Parse(word));
        return null;
    }

    static double Parse(ReadOnlySpan<byte> word)
    {
        if (!word.Contains((byte)'_'))
        {
            return double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        var digits = new byte[word.Length];
        var length = 0;
        foreach (var b in word)
        {
            digits[length] = b;
            length += b == '_' ? 0 : 1;
        }

        return double.Parse(digits.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether there are digits, with single underscores between them at most.</summary>
    static bool AreDigits(ReadOnlySpan<byte> text, SearchValues<byte> digits)
    {
        var wasDigit = false;
        foreach (var b in text)
        {
            var isDigit = digits.Contains(b);
            if (!isDigit && (b != '_' || !wasDigit))
            {
                return false;
            }

            wasDigit = isDigit;
        }

        return wasDigit;
    }

    static string TooLarge(ReadOnlySpan<byte> word) => $"{Shown.Quote(word)} is beyond {long.MinValue} to {long.MaxValue}";
}
