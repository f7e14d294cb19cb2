using System.Buffers;
using System.Text;

namespace Pm.Packages;

/// <summary>Hexadecimal digits as bytes of a document.</summary>
static class HexText
{
    /// <summary>Whether <paramref name="digits"/>, in either case, are exactly the bytes that <paramref name="result"/> holds.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> result)
    {
        if (digits.Length != 2 * result.Length)
        {
            return false;
        }

        Span<char> text = stackalloc char[digits.Length];
        return Encoding.Latin1.GetChars(digits, text) == digits.Length
            && Convert.FromHexString(text, result, out _, out _) == OperationStatus.Done;
    }
}
