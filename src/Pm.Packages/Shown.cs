using System.Text;

namespace Pm.Packages;

/// <summary>Text from outside made safe to show: no control characters, not endless.</summary>
static class Shown
{
    const int Longest = 120;

    /// <summary>The text in backticks; control characters and broken UTF-16 as <c>\u{hex}</c>, cut at 120 characters.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder("`", Math.Min(text.Length, Longest) + 3);
        foreach (var rune in text[..Math.Min(text.Length, Longest)].EnumerateRunes())
        {
            if (IsUnsafe(rune))
            {
                shown.Append("\\u{").Append(rune.Value.ToString("x")).Append('}');
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }

        return shown.Append(text.Length > Longest ? "…`" : "`").ToString();
    }

    public static string Quote(ReadOnlySpan<byte> utf8) =>
        Quote(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * Longest)]).AsSpan());

    /// <summary>The text in one line: what must not be shown becomes U+FFFD, a line's end or a tab a space.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            line.Append(rune.Value is '\n' or '\r' or '\t' ? " " : IsUnsafe(rune) ? "\ufffd" : rune.ToString());
        }

        return line.ToString();
    }

    /// <summary>Whether a terminal could take <paramref name="rune"/> for a command or show another order of text.</summary>
    public static bool IsUnsafe(Rune rune) =>
        Rune.IsControl(rune)
        || rune.Value is 0xfffd or 0x2028 or 0x2029 or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
