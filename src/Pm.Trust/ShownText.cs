using System.Globalization;
using System.Text;

namespace Pm.Trust;

/// <summary>Text from outside as it may stand in a message: what would steer a terminal is written as \uXXXX.</summary>
public static class ShownText
{
    /// <summary>Longer text is cut: a message stays one readable line.</summary>
    const int MaximumLength = 200;

    public static string Of(string text)
    {
        var cut = text.Length > MaximumLength;
        var shown = new StringBuilder(text.Length);
        foreach (var rune in (cut ? text.AsSpan(0, MaximumLength) : text).EnumerateRunes())
        {
            Append(shown, rune);
        }

        return cut ? shown.Append('…').ToString() : shown.ToString();
    }

    static void Append(StringBuilder shown, Rune rune)
    {
        // Format characters hold the bidirectional overrides, with which a name can show another one's letters.
        var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
        _ = isHidden ? shown.Append($"\\u{rune.Value:x4}") : shown.Append(rune.ToString());
    }
}
