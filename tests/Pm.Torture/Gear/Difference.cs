namespace Pm.Torture.Gear;

/// <summary>The lines of one text that the other has not.</summary>
static class Difference
{
    const int MostLines = 20;
    const int MostText = 300;

    public static string Of(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        var lines = left.Except(right).Select(line => $"- {line}").Concat(right.Except(left).Select(line => $"+ {line}")).ToList();
        return string.Join('\n', lines.Take(MostLines).Select(Cut)) + (lines.Count > MostLines ? $"\n… {lines.Count - MostLines} more" : "");
    }

    static string Cut(string line) => line.Length > MostText ? line[..MostText] + "…" : line;
}
