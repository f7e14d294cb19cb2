using System.Globalization;

namespace Pm.Cli.Output;

/// <summary>Amounts of bytes and spans of time for people.</summary>
static class ByteSize
{
    static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Three digits and a unit: <c>1.50 MiB</c>; whole bytes below 1 KiB.</summary>
    public static string Text(long bytes)
    {
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

    /// <summary><c>4s</c>, <c>2m05s</c>, <c>1h02m</c>.</summary>
    public static string Text(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}m{time.Seconds:00}s",
        _ => $"{(int)time.TotalHours}h{time.Minutes:00}m",
    };
}
