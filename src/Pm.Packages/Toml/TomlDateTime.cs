using System.Globalization;
using System.Text;

namespace Pm.Packages.Toml;

/// <summary>A date, a time of day, or both, as a document has it; what is not there is null.</summary>
/// <remarks>
/// Not a type of the base library: those know neither the year 0, nor an offset of more than 14 hours, nor the second 60, all of
/// which RFC 3339 has.
/// </remarks>
public sealed record TomlDateTime
{
    /// <summary>0 to 9999; null for a time of day alone, as month and day are then.</summary>
    public int? Year { get; init; }

    /// <summary>1 to 12.</summary>
    public int? Month { get; init; }

    /// <summary>1 to 31, as many as the month has.</summary>
    public int? Day { get; init; }

    /// <summary>Hours, 0 to 23; null for a date alone, as minutes and seconds are then.</summary>
    public int? Hour { get; init; }

    /// <summary>Minutes, 0 to 59.</summary>
    public int? Minute { get; init; }

    /// <summary>Seconds, 0 to 60: the last is a leap second.</summary>
    public int? Second { get; init; }

    /// <summary>Fraction of the second, 0 to 999,999,999; what a document has beyond that is cut off.</summary>
    public int Nanosecond { get; init; }

    /// <summary>Minutes that the clock is ahead of UTC; null for local times.</summary>
    public int? OffsetMinutes { get; init; }

    public TomlKind Kind =>
        Year is null ? TomlKind.LocalTime
        : Hour is null ? TomlKind.LocalDate
        : OffsetMinutes is null ? TomlKind.LocalDateTime
        : TomlKind.OffsetDateTime;

    /// <summary>As RFC 3339 writes it, with <c>T</c> and <c>Z</c>; a fraction without zeros at its end.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Year is { } year)
        {
            text.Append(CultureInfo.InvariantCulture, $"{year:0000}-{Month ?? 1:00}-{Day ?? 1:00}").Append(Hour is null ? "" : "T");
        }

        if (Hour is { } hour)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hour:00}:{Minute ?? 0:00}:{Second ?? 0:00}");
            text.Append(Nanosecond == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{Nanosecond:000000000}").TrimEnd('0'));
        }

        if (OffsetMinutes is { } offset)
        {
            var minutes = Math.Abs(offset);
            text.Append(offset == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{minutes / 60:00}:{minutes % 60:00}"));
        }

        return text.ToString();
    }
}
