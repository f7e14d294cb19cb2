using System.Text.RegularExpressions;

namespace Pm.Torture.Tracing;

/// <summary>Reads what <c>strace -f -y</c> writes; a call that another thread came between stands in two lines. Source: strace(1).</summary>
static partial class TraceReader
{
    const string Unfinished = " <unfinished ...>";

    public static IEnumerable<TracedCall> Read(IEnumerable<string> lines)
    {
        var begun = new Dictionary<string, (string Text, int Line)>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (process, text, begin) = (line[..space], line[(space + 1)..].TrimStart(), number);
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                begun[process] = (text[..^Unfinished.Length], number);
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed && begun.Remove(process, out var first))
            {
                (text, begin) = (first.Text + text[resumed.Length..], first.Line);
            }

            if (Whole().Match(text) is { Success: true } call)
            {
                yield return new TracedCall(process, call.Groups[1].Value, call.Groups[2].Value, call.Groups[3].Value, begin, number);
            }
        }
    }

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(\w+)\((.*)\)\s+= (.*)$")]
    private static partial Regex Whole();
}
