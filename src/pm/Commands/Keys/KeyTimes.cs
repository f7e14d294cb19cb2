using System.Globalization;

namespace Pm.Cli.Commands.Keys;

/// <summary>Times of keys as tables show them.</summary>
static class KeyTimes
{
    /// <summary>"never", a day, or that the day has passed.</summary>
    public static string Expiry(DateTimeOffset? expires, DateTimeOffset now) => expires switch
    {
        null => "never",
        { } time when time <= now => $"expired {Day(time)}",
        { } time => Day(time),
    };

    /// <summary>A day in UTC.</summary>
    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
