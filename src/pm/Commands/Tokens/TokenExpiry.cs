using System.CommandLine;
using System.Globalization;
using Pm.Cli.Commands.Roots;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>For how long a token is to be good, as of keys too: <c>12h</c>, <c>90d</c>, <c>18m</c>, <c>3y</c>, <c>2030-01-31</c>, <c>never</c>.</summary>
static class TokenExpiry
{
    const string Never = "never";
    const int MostMonths = 1200;

    public static Option<string?> Option() => new("--expires")
    {
        Description = "when it ends: 12h, 30d, 8w, 18m, 3y, 2030-01-31 or never (default: 90d)",
        HelpName = "WHEN",
    };

    /// <summary>For a person.</summary>
    public static string Text(DateTimeOffset? expires) => expires is { } end ? $"good until {end:yyyy-MM-dd}" : "good for ever";

    /// <exception cref="CommandException">PM1160: it is no time.</exception>
    public static DateTimeOffset? Parse(string? text, DateTimeOffset now)
    {
        if (text == Never)
        {
            return null;
        }

        var end = text is null ? now + NewToken.DefaultLifetime : EndOf(text, now);
        return end > now
            ? end
            : throw CommandException.Usage(
                "PM1160", $"--expires: expected 12h, 30d, 8w, 18m, 3y, a date to come like 2030-01-31, or never, got `{Output.Hostile.OneLine(text!)}`", "`--expires 90d`");
    }

    /// <summary>Null: it is no time.</summary>
    static DateTimeOffset? EndOf(string text, DateTimeOffset now)
    {
        if (Days.TryParse(text, out var age))
        {
            return now + age;
        }

        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
        {
            return day;
        }

        return text is [.. var digits, 'm' or 'y'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostMonths
            ? now.AddMonths(text[^1] == 'm' ? count : count * 12)
            : null;
    }
}
