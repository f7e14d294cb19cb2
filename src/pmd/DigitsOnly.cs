using System.Text;

namespace Pm.Daemon;

/// <summary>
/// Reads a <c>Content-Length</c> as RFC 9110, 8.6 has it: digits. The web server takes a sign before them too, which a proxy
/// before it may not: two readers of one length are how requests are smuggled. What is no digit becomes a letter here, and the
/// request is refused as one with a bad length.
/// </summary>
sealed class DigitsOnly : Encoding
{
    const string Header = "Content-Length";

    static readonly DigitsOnly Instance = new();

    /// <summary>For the header of a name; null: as the web server does.</summary>
    public static Encoding? Of(string header) => string.Equals(header, Header, StringComparison.OrdinalIgnoreCase) ? Instance : null;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var at = 0; at < byteCount; at++)
        {
            chars[charIndex + at] = char.IsAsciiDigit((char)bytes[byteIndex + at]) ? (char)bytes[byteIndex + at] : 'x';
        }

        return byteCount;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
