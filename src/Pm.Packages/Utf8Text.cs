using System.Text;

namespace Pm.Packages;

/// <summary>Decodes UTF-8 from outside, refusing what is not.</summary>
static class Utf8Text
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="PackageFormatException"><paramref name="code"/>: <paramref name="bytes"/> are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string code, string? where)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new PackageFormatException(code, $"{Shown.Quote(bytes)} is not UTF-8 (byte {e.Index})", where, inner: e);
        }
    }
}
