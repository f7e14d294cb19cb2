using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Cli.Output;

/// <summary>
/// JSON as its readers expect it: escaped is what JSON demands, and what could steer the terminal that shows it. The usual encoder escapes what could end a script within a web page as well, and
/// all that is not English; nothing of pm's is put there.
/// </summary>
sealed unsafe class PlainJsonEncoder : JavaScriptEncoder
{
    /// <summary>In UTF-8 all direction controls begin with it.</summary>
    const byte LeadOfDirections = 0xe2;

    const string Digits = "0123456789abcdef";

    static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

    PlainJsonEncoder()
    {
    }

    /// <summary>Writes so.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = new PlainJsonEncoder() };

    public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => Hostile.IsDirection(unicodeScalar) || Relaxed.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var first = Relaxed.FindFirstCharacterToEncode(text, textLength);
        for (var i = 0; i < (first < 0 ? textLength : first); i++)
        {
            if (Hostile.IsDirection(text[i]))
            {
                return i;
            }
        }

        return first;
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var first = Relaxed.FindFirstCharacterToEncodeUtf8(utf8Text);
        return (first < 0 ? utf8Text : utf8Text[..first]).Contains(LeadOfDirections) ? base.FindFirstCharacterToEncodeUtf8(utf8Text) : first;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (!Hostile.IsDirection(unicodeScalar))
        {
            return Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        ReadOnlySpan<char> escaped = ['\\', 'u', Digits[unicodeScalar >> 12], Digits[unicodeScalar >> 8 & 15], Digits[unicodeScalar >> 4 & 15], Digits[unicodeScalar & 15]];
        numberOfCharactersWritten = escaped.TryCopyTo(new Span<char>(buffer, bufferLength)) ? escaped.Length : 0;
        return numberOfCharactersWritten > 0;
    }
}
