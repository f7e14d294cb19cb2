using System.CommandLine;
using Pm.Cli.Commands.Roots;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary>For how long a token is to be good: <c>90d</c>, <c>12h</c>, <c>never</c>.</summary>
static class TokenExpiry
{
    const string Never = "never";

    public static Option<string?> Option() => new("--expires")
    {
        Description = "for how long it is good: 12h, 30d, 8w, never (default: 90d)",
        HelpName = "AGE",
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

        var age = NewToken.DefaultLifetime;
        return text is null || (Days.TryParse(text, out age) && age > TimeSpan.Zero)
            ? now + age
            : throw CommandException.Usage("PM1160", $"--expires: expected 12h, 30d, 8w or never, got `{text}`");
    }
}
