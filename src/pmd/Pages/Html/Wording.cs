using System.Globalization;
using System.Text;

namespace Pm.Daemon.Pages.Html;

/// <summary>How values are said on a page.</summary>
static class Wording
{
    static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Letters that prose of some languages and its pictures need, though they are not seen.</summary>
    static readonly int[] Joiners = [0x200c, 0x200d];

    /// <summary>A stranger's sentence: what is not seen, or turns the order of letters, is shown as <c>\u202e</c>.</summary>
    public static string Prose(string? text) => Visible(text, rune => rune.Value is '\n' or '\t' || Joiners.Contains(rune.Value));

    /// <summary>A stranger's name or path, of which every character counts.</summary>
    public static string Exact(string? text) => Visible(text, _ => false);

    /// <summary>A stranger's file: lines and tabs stay.</summary>
    public static string Lines(string? text) => Visible(text, rune => rune.Value is '\n' or '\t');

    /// <summary><c>2026-03-01</c></summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>For <c>datetime</c>.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How far a day lies ahead or behind: <c>in 12 days</c>, <c>3 days ago</c>.</summary>
    public static string Distance(DateTimeOffset time, DateTimeOffset now)
    {
        var days = (int)Math.Floor((time - now).TotalDays);
        return days switch
        {
            0 => "in less than a day",
            > 0 => $"in {Count(days, "day")}",
            -1 => "less than a day ago",
            _ => $"{Count(-days - 1, "day")} ago",
        };
    }

    /// <summary><c>1 package</c>, <c>12,000 packages</c>.</summary>
    public static string Count(long number, string one, string? many = null) =>
        $"{Number(number)} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary><c>12,000</c></summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary><c>1.50 MiB</c></summary>
    public static string Size(long bytes)
    {
        if (bytes == 1)
        {
            return "1 byte";
        }

        double value = bytes;
        var unit = 0;
        while (value >= 1000 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var format = unit == 0 ? "0" : value switch { < 10 => "0.00", < 100 => "0.0", _ => "0" };
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>How many bytes a character is at most, escaped and made visible.</summary>
    public static int LengthOf(Rune rune) =>
        IsHidden(rune) && rune.Value is not ('\n' or '\t') ? 9
        : rune.Value is '<' or '>' or '&' or '"' or '\'' or '+' or '`' ? 6
        : rune.IsAscii ? 1
        : rune.IsBmp ? 4
        : 9;

    static string Visible(string? text, Func<Rune, bool> isTaken)
    {
        var shown = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            _ = IsHidden(rune) && !isTaken(rune) ? shown.Append($"\\u{rune.Value:x4}") : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    // Format characters hold the bidirectional overrides, with which a name can show another one's letters.
    static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
}
