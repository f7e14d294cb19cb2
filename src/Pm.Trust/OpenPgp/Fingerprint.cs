using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pm.Trust.OpenPgp;

/// <summary>The fingerprint of an OpenPGP version 4 key: 160 bits, written as 40 upper-case hexadecimal digits.</summary>
/// <remarks>Short and long key ids are not fingerprints: others can make keys that have them. Source: RFC 4880, 12.2.</remarks>
public readonly record struct Fingerprint : IComparable<Fingerprint>
{
    /// <summary>Length of the text without blanks.</summary>
    public const int TextLength = 40;

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    readonly UInt128 _head;
    readonly uint _tail;

    Fingerprint(UInt128 head, uint tail)
    {
        _head = head;
        _tail = tail;
    }

    /// <summary>The last 16 digits, as gpg calls a key in most of its status lines.</summary>
    public string LongKeyId => ToString()[24..];

    /// <summary>Reads 40 hexadecimal digits in either case; blanks between them (as gpg prints) and "0x" are allowed.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (text is null || text.Length > 2 * TextLength)
        {
            return false;
        }

        var digits = text.Replace(" ", "", StringComparison.Ordinal).AsSpan();
        digits = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : digits;
        // TryParse below takes NULs at the end for nothing: of 38 digits and two of them it would make another fingerprint.
        if (digits.Length != TextLength || digits.ContainsAnyExcept(Digits)
            || !UInt128.TryParse(digits[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var head)
            || !uint.TryParse(digits[32..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tail))
        {
            return false;
        }

        fingerprint = new Fingerprint(head, tail);
        return true;
    }

    /// <exception cref="FormatException">Not 40 hexadecimal digits.</exception>
    public static Fingerprint Parse(string text) => TryParse(text, out var fingerprint)
        ? fingerprint
        : throw new FormatException($"not a key's fingerprint (40 hexadecimal digits): `{ShownText.Of(text)}`");

    public int CompareTo(Fingerprint other) =>
        _head != other._head ? _head.CompareTo(other._head) : _tail.CompareTo(other._tail);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_head:X32}{_tail:X8}");

    public static bool operator <(Fingerprint left, Fingerprint right) => left.CompareTo(right) < 0;

    public static bool operator >(Fingerprint left, Fingerprint right) => left.CompareTo(right) > 0;

    public static bool operator <=(Fingerprint left, Fingerprint right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Fingerprint left, Fingerprint right) => left.CompareTo(right) >= 0;
}
