using System.Text;
using Pm.Stages.Manuals;

namespace Pm.Cli.Manuals;

/// <summary>Reads the part of Markdown that manuals and error pages use: headings, paragraphs, fenced code, lists.</summary>
static class ManualText
{
    const string Fence = "```";

    /// <summary>The blocks of <paramref name="markdown"/> in their order.</summary>
    public static IReadOnlyList<ManualBlock> Parse(string markdown)
    {
        var blocks = new List<ManualBlock>();
        var paragraph = new StringBuilder();
        var lines = markdown.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                End(paragraph, blocks);
                blocks.Add(ReadCode(lines, ref i));
            }
            else if (line.Length == 0)
            {
                End(paragraph, blocks);
            }
            else if (line[0] == '#')
            {
                End(paragraph, blocks);
                var level = line.TakeWhile(c => c == '#').Count();
                blocks.Add(new ManualBlock.Heading(level, line[level..].Trim()));
            }
            else
            {
                AddLine(line, paragraph, blocks);
            }
        }

        End(paragraph, blocks);
        return blocks;
    }

    static void AddLine(string line, StringBuilder paragraph, List<ManualBlock> blocks)
    {
        if (line.StartsWith("- ", StringComparison.Ordinal))
        {
            End(paragraph, blocks);
        }

        _ = paragraph.Length > 0 ? paragraph.Append(' ').Append(line.Trim()) : paragraph.Append(line.Trim());
    }

    static ManualBlock.Code ReadCode(string[] lines, ref int at)
    {
        var code = new StringBuilder();
        while (++at < lines.Length && !lines[at].StartsWith(Fence, StringComparison.Ordinal))
        {
            code.Append(lines[at]).Append('\n');
        }

        return new ManualBlock.Code(code.ToString().TrimEnd('\n'));
    }

    static void End(StringBuilder paragraph, List<ManualBlock> blocks)
    {
        if (paragraph.Length > 0)
        {
            var text = paragraph.ToString();
            blocks.Add(text.StartsWith("- ", StringComparison.Ordinal)
                ? new ManualBlock.Item(text[2..])
                : new ManualBlock.Paragraph(text));
            paragraph.Clear();
        }
    }
}
