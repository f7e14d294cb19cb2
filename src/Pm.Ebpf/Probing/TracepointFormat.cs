using System.Globalization;
using System.Text.RegularExpressions;

namespace Pm.Ebpf.Probing;

/// <summary>What tracefs says of a tracepoint's fields. Source: f_show of Linux.</summary>
static partial class TracepointFormat
{
    /// <summary>What every tracepoint begins with, which is no field of its own.</summary>
    const int Head = 8;

    /// <summary>Null where it cannot be read.</summary>
    public static int? ReadEnd(string path)
    {
        try
        {
            return File.Exists(path) ? EndOf(File.ReadLines(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The kernel takes the field that is named last, wherever it lies.</summary>
    internal static int? EndOf(IEnumerable<string> lines) =>
        lines.Select(l => Field().Match(l)).LastOrDefault(m => m.Success) is { } last && Number(last, 1) is >= Head and var offset ? offset + Number(last, 2) : null;

    static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\tfield:.*;\toffset:(\d{1,6});\tsize:(\d{1,6});", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
