namespace Pm.Packages.Index;

/// <summary>
/// Three bytes in a row, of a text in lower case, as a number. Bytes that hardly anybody searches for share one: what is
/// found by it is a candidate, and looked at. After a text follow two ends, so that its last letters begin one too.
/// </summary>
static class Trigram
{
    /// <summary>Numbers are below.</summary>
    public const int Limit = 1 << (3 * Bits);

    const int Bits = 6;
    const int FirstLetter = 1;
    const int FirstDigit = 27;
    const int OtherAscii = 43;
    const int FirstBeyond = 44;
    const int Beyond = 20;

    static readonly byte[] Classes = MakeClasses();

    public static int Of(byte first, byte second, byte third) =>
        (Classes[first] << (2 * Bits)) | (Classes[second] << Bits) | Classes[third];

    /// <summary>The numbers of all that begin with <paramref name="start"/>, one or two bytes.</summary>
    public static (int First, int End) Range(ReadOnlySpan<byte> start)
    {
        var first = start.Length == 1 ? Classes[start[0]] << (2 * Bits) : (Classes[start[0]] << (2 * Bits)) | (Classes[start[1]] << Bits);
        return (first, first + (1 << ((3 - start.Length) * Bits)));
    }

    /// <summary>The ends of a text: what begins with its last but one byte, and with its last.</summary>
    public static int AtEnd(byte beforeLast, byte last) => (Classes[beforeLast] << (2 * Bits)) | (Classes[last] << Bits);

    public static int AtEnd(byte last) => Classes[last] << (2 * Bits);

    static byte[] MakeClasses()
    {
        var classes = new byte[256];
        for (var value = 0; value < classes.Length; value++)
        {
            var letter = (char)value;
            classes[value] = (byte)(char.IsAsciiLetterLower(letter) ? FirstLetter + letter - 'a'
                : char.IsAsciiDigit(letter) ? FirstDigit + letter - '0'
                : value >= 0x80 ? FirstBeyond + (value % Beyond)
                : " -_./+".IndexOf(letter, StringComparison.Ordinal) is var at and >= 0 ? FirstDigit + 10 + at
                : OtherAscii);
        }

        return classes;
    }
}
