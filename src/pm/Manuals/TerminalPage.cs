using Pm.Cli.Output;
using Pm.Stages.Manuals;

namespace Pm.Cli.Manuals;

/// <summary>Shows a page on standard output, wrapped to the terminal.</summary>
static class TerminalPage
{
    const int Indent = 4;
    const int WidestText = 100;
    const int TermColumn = 26;

    public static void Write(Terminal terminal, IReadOnlyList<ManualBlock> blocks)
    {
        var paint = terminal.DataPaint;
        var width = WidthOf(terminal);
        ManualBlock? before = null;
        foreach (var block in blocks)
        {
            if (before is not null && NeedsGap(before, block))
            {
                terminal.Data("");
            }

            Write(terminal, block, paint, width);
            before = block;
        }
    }

    /// <summary>How wide a page is there, in columns.</summary>
    public static int WidthOf(Terminal terminal) => Math.Max(40, Math.Min(terminal.Width, WidestText));

    /// <summary>A term in its column and a wrapped text beside it; below it when the term is too long.</summary>
    public static IEnumerable<string> Definition(string term, string text, int indent, int column, int width)
    {
        var margin = new string(' ', indent);
        var lines = WrappedText.Lines(text, Math.Max(20, width - column)).ToList();
        var first = margin + term;
        if (first.Length + 2 > column)
        {
            yield return first;
        }
        else
        {
            yield return lines.Count == 0 ? first : first.PadRight(column) + lines[0];
            lines = [.. lines.Skip(1)];
        }

        foreach (var line in lines)
        {
            yield return new string(' ', column) + line;
        }
    }

    static bool NeedsGap(ManualBlock before, ManualBlock block) => (before, block) switch
    {
        (ManualBlock.Heading, _) => false,
        (ManualBlock.Item, ManualBlock.Item) or (ManualBlock.Definition, ManualBlock.Definition) => false,
        _ => true,
    };

    static void Write(Terminal terminal, ManualBlock block, Paint paint, int width)
    {
        var margin = new string(' ', Indent);
        var lines = block switch
        {
            ManualBlock.Heading h => [paint.Bold(h.Text)],
            ManualBlock.Paragraph p => WrappedText.Lines(p.Text, width - Indent).Select(l => margin + Inline(l, paint)),
            ManualBlock.Code c => c.Text.Split('\n').Select(l => (margin + l).TrimEnd()),
            ManualBlock.Item i => WrappedText.Lines(i.Text, width - Indent - 2).Select((l, n) => margin + (n == 0 ? "- " : "  ") + Inline(l, paint)),
            ManualBlock.Definition d => Definition(d.Term, d.Text, Indent, TermColumn, width),
            _ => [],
        };
        foreach (var line in lines)
        {
            terminal.Data(line);
        }
    }

    /// <summary>Without colour the backticks stay: a command must be told from the words around it.</summary>
    static string Inline(string text, Paint paint)
    {
        var plain = text.Replace("**", "", StringComparison.Ordinal);
        if (!paint.IsOn)
        {
            return plain;
        }

        var parts = plain.Split('`');
        return string.Concat(parts.Select((part, n) => n % 2 == 1 && n < parts.Length - 1 ? paint.Cyan(part) : n % 2 == 1 ? "`" + part : part));
    }
}
