using System.Globalization;
using System.Text;

namespace Pm.Ebpf.Sampling;

/// <summary>Draws how often what was counted. Source: bcc's <c>trace_helpers.c</c>, whose form people and their scripts know.</summary>
public static class Histogram
{
    const int Stars = 40;

    /// <summary>From this row on numbers need twice the width, and stars get half of it.</summary>
    const int WideFrom = 32;

    /// <summary>Row N counts what lies between two powers of two. Nothing is drawn where nothing was counted.</summary>
    public static void WriteLogarithmic(ReadOnlySpan<ulong> counts, string unit, StringBuilder into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var last = counts.LastIndexOfAnyExcept(0ul);
        if (last < 0)
        {
            return;
        }

        var isWide = last > WideFrom;
        var (indent, titleWidth, width, stars) = isWide ? (15, 29, 20, Stars / 2) : (5, 19, 10, Stars);
        into.Append(' ', indent).Append(unit.PadRight(titleWidth)).Append(" : count    distribution\n");
        var highest = Highest(counts);
        for (var i = 0; i <= last; i++)
        {
            var high = (UInt128.One << i + 1) - 1;
            var low = i == 0 ? 0 : (high + 1) >> 1;
            into.Append(Text(low).PadLeft(width)).Append(" -> ").Append(Text(high).PadRight(width));
            WriteBar(counts[i], highest, stars, into);
        }
    }

    /// <summary>Row N counts N. Drawn are the rows from the first to the last that counted.</summary>
    public static void WriteLinear(ReadOnlySpan<ulong> counts, string unit, StringBuilder into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var (first, last) = (counts.IndexOfAnyExcept(0ul), counts.LastIndexOfAnyExcept(0ul));
        if (last < 0)
        {
            return;
        }

        into.Append(' ', 5).Append(unit.PadRight(13)).Append(" : count     distribution\n");
        var highest = Highest(counts);
        for (var i = first; i <= last; i++)
        {
            into.Append(' ', 8).Append(i.ToString(CultureInfo.InvariantCulture).PadRight(10));
            WriteBar(counts[i], highest, Stars, into);
        }
    }

    static void WriteBar(ulong count, ulong highest, int width, StringBuilder into)
    {
        var stars = (int)((UInt128)count * (UInt128)width / highest);
        into.Append(" : ").Append(Text(count).PadRight(8)).Append(" |").Append('*', stars).Append(' ', width - stars).Append("|\n");
    }

    static ulong Highest(ReadOnlySpan<ulong> counts)
    {
        var highest = 0ul;
        foreach (var count in counts)
        {
            highest = Math.Max(highest, count);
        }

        return highest;
    }

    static string Text(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);
}
