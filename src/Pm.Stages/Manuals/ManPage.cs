using System.Text;

namespace Pm.Stages.Manuals;

/// <summary>Writes a page for man(1). Source: man(7).</summary>
public static class ManPage
{
    /// <param name="title">What it is called.</param>
    /// <param name="blocks">What is on it; a section Name holds <c>name - what it is</c>.</param>
    public static string Write(ManTitle title, IReadOnlyList<ManualBlock> blocks) => Write(title, blocks, Marked);

    /// <summary>The same of text in which two asterisks are two asterisks: C types, and what authors write of their programs.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="blocks">What is on it.</param>
    public static string WritePlain(ManTitle title, IReadOnlyList<ManualBlock> blocks) => Write(title, blocks, Line);

    static string Write(ManTitle title, IReadOnlyList<ManualBlock> blocks, Func<string, string> line)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(blocks);
        var name = title.Name;
        var page = new StringBuilder();
        page.Append($".TH {name.ToUpperInvariant().Replace("-", "\\-", StringComparison.Ordinal)} {title.Section} {(title.Date.Length > 0 ? title.Date : "\"\"")} \"{title.Source}\" \"{title.Manual}\"\n");
        ManualBlock? before = null;
        foreach (var block in blocks)
        {
            Write(page, block, before, name, line);
            before = block;
        }

        return page.ToString();
    }

    static void Write(StringBuilder page, ManualBlock block, ManualBlock? before, string name, Func<string, string> line)
    {
        switch (block)
        {
            case ManualBlock.Heading h:
                page.Append(h.Level <= 2 ? ".SH " : ".SS ").Append(Text(h.Text).ToUpperInvariant()).Append('\n');
                break;
            case ManualBlock.Paragraph p:
                page.Append(before is ManualBlock.Heading or null ? "" : ".PP\n");
                page.Append(IsName(before) ? NameLine(p.Text, name) : line(p.Text)).Append('\n');
                break;
            case ManualBlock.Code c:
                page.Append(before is ManualBlock.Heading ? "" : ".PP\n").Append(".nf\n");
                page.Append(string.Join('\n', c.Text.Split('\n').Select(Verbatim))).Append("\n.fi\n");
                break;
            case ManualBlock.Item i:
                page.Append(".IP \\(bu 2\n").Append(line(i.Text)).Append('\n');
                break;
            case ManualBlock.Definition d:
                page.Append(".TP\n\\fB").Append(Text(d.Term)).Append("\\fR\n").Append(line(d.Text)).Append('\n');
                break;
        }
    }

    static bool IsName(ManualBlock? before) => before is ManualBlock.Heading { Text: "Name" };

    /// <summary>apropos(1) wants <c>name \- what it is</c>, and a name without spaces.</summary>
    static string NameLine(string text, string name) => $"{Text(name)} \\- {Text(text[(text.IndexOf(" - ", StringComparison.Ordinal) + 3)..])}";

    static string Marked(string text) => Line(text.Replace("**", "", StringComparison.Ordinal));

    static string Line(string text)
    {
        var parts = Protect(Text(text)).Split('`');
        return string.Concat(parts.Select((part, n) => n % 2 == 1 ? $"\\fB{part}\\fR" : part));
    }

    static string Verbatim(string line) => line.Length == 0 ? "\\&" : Protect(Text(line));

    static string Text(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal)
        .Replace("-", "\\-", StringComparison.Ordinal)
        .Replace("…", "...", StringComparison.Ordinal);

    // A line that begins with a dot or an apostrophe would be a request.
    static string Protect(string line) => line is ['.' or '\'', ..] ? "\\&" + line : line;
}
