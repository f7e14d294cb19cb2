using System.Globalization;

namespace Pm.Cli.Configuration;

/// <summary>Values of settings and options as they are written.</summary>
static class SettingText
{
    public const string True = "true";
    public const string False = "false";

    /// <summary>More connections to one server are rude, and no faster.</summary>
    public const int MostJobs = 64;

    public const string Count = "a number from 1 to 64";
    public const string Age = "a time like 12h, 7d or 2w";
    public const string Time = "a time like 30s or 5m";

    public static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MostJobs;

    /// <summary>Reads <c>30</c>, <c>500ms</c>, <c>0.5s</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
    public static bool TryTime(string text, out TimeSpan time) => TrySpan(text, TimeSpan.FromDays(7), out time);

    /// <summary>As a time, with days and weeks; at most ten years.</summary>
    public static bool TryAge(string text, out TimeSpan age) => TrySpan(text, TimeSpan.FromDays(3660), out age);

    static bool TrySpan(string text, TimeSpan most, out TimeSpan time)
    {
        var isLong = most > TimeSpan.FromDays(7);
        var (letters, unit) = text switch
        {
            [.., 'm', 's'] when !isLong => (2, TimeSpan.FromMilliseconds(1)),
            [.., 's'] => (1, TimeSpan.FromSeconds(1)),
            [.., 'm'] => (1, TimeSpan.FromMinutes(1)),
            [.., 'h'] => (1, TimeSpan.FromHours(1)),
            [.., 'd'] when isLong => (1, TimeSpan.FromDays(1)),
            [.., 'w'] when isLong => (1, TimeSpan.FromDays(7)),
            _ => (0, TimeSpan.FromSeconds(1)),
        };
        // Compared as a count of units: a number too large for a time does not overflow.
        var digits = text.AsSpan(..^letters);
        var number = 0m;
        var ok = digits is [>= '0' and <= '9', ..] and not [.., '.'] && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number <= most.Ticks / unit.Ticks;
        time = ok ? TimeSpan.FromTicks((long)(number * unit.Ticks)) : default;
        return ok;
    }

    public static bool TrySwitch(string text, out bool value)
    {
        value = text == True;
        return text is True or False;
    }

    /// <summary>Any text that is one line.</summary>
    public static bool TryLine(string text, out string value)
    {
        const int longest = 4096;
        value = text;
        return text.Length is > 0 and <= longest && !text.Any(char.IsControl);
    }

    /// <summary>What a variable says that switches something on by being there: all but 0, no and false.</summary>
    public static string? OfFlagVariable(string text) => text.ToLowerInvariant() is "0" or "no" or False ? False : True;
}
