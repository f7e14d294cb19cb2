using System.Globalization;

namespace Pm.Cli.Tests.Gear;

/// <summary>Reads and writes <c>case.txt</c>; its grammar is in <c>cases/README.md</c>.</summary>
sealed class CaseFile
{
    const string Special = "$%&!?@\\";

    public required IReadOnlyList<string> Directives { get; init; }

    public required IReadOnlyList<string> Prose { get; init; }

    public required IReadOnlyList<CaseStep> Steps { get; init; }

    public static CaseFile Parse(string text)
    {
        var directives = new List<string>();
        var prose = new List<string>();
        var steps = new List<CaseStep>();
        var blank = new List<string>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line is ['$' or '%' or '&', ' ', ..])
            {
                steps.Add(new CaseStep { Before = [.. steps.Count == 0 ? [] : blank], Mark = line[0], Command = line[2..] });
                blank.Clear();
            }
            else if (steps.Count == 0)
            {
                (line.StartsWith("@ ", StringComparison.Ordinal) ? directives : prose).Add(line);
            }
            else if (line.Length == 0)
            {
                blank.Add(line);
            }
            else
            {
                AddExpectation(steps[^1], line, blank);
            }
        }

        return new CaseFile { Directives = [.. directives.Select(d => d[2..].Trim())], Prose = prose, Steps = steps };
    }

    public string Format()
    {
        var lines = new List<string>(Prose);
        while (lines is [.., ""])
        {
            lines.RemoveAt(lines.Count - 1);
        }

        lines.AddRange(Directives.Select(d => "@ " + d));
        if (lines.Count > 0)
        {
            lines.Add("");
        }

        foreach (var step in Steps)
        {
            lines.AddRange(step.Before);
            lines.Add($"{step.Mark} {step.Command}");
            lines.AddRange(step.Output.Select(Escape));
            lines.AddRange(step.Talk.Select(t => "! " + t));
            if (step.Exit != 0)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"? {step.Exit}"));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Blank lines inside the output belong to it; those before the next command do not.</summary>
    static void AddExpectation(CaseStep step, string line, List<string> blank)
    {
        var isTalk = line.StartsWith('!');
        (isTalk ? step.Talk : step.Output).AddRange(line[0] == '?' ? [] : blank);
        blank.Clear();
        switch (line[0])
        {
            case '!':
                step.Talk.Add(line.Length > 2 ? line[2..] : "");
                break;
            case '?':
                step.Exit = int.Parse(line[1..], CultureInfo.InvariantCulture);
                break;
            default:
                step.Output.Add(line[0] == '\\' ? line[1..] : line);
                break;
        }
    }

    static string Escape(string line) => line.Length > 0 && Special.Contains(line[0]) ? "\\" + line : line;
}
