using System.Text;

namespace Pm.Packages.Yaml;

/// <summary>The text of a document, its name and its lines, for messages that show the place.</summary>
sealed class YamlSource
{
    public const string TabMessage = "a tab cannot indent; use spaces";

    const int LongestExcerpt = 100;

    readonly string _file;
    string[]? _lines;

    YamlSource(string text, string file) => (Text, _file) = (text, file);

    public string Text { get; }

    public TextPosition End => new(Lines.Length, Lines[^1].Length + 1);

    string[] Lines => _lines ??= Text.ReplaceLineEndings("\n").Split('\n');

    /// <exception cref="PackageFormatException">PM2011, PM2012: too long, not UTF-8, or with control characters.</exception>
    public static YamlSource Of(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.Length > YamlReader.MaximumSize)
        {
            throw new PackageFormatException("PM2012", $"it has {utf8.Length} bytes, at most {YamlReader.MaximumSize} are read", file);
        }

        var bytes = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        var source = new YamlSource(Utf8Text.Decode(bytes, "PM2011", file), file);
        for (var i = 0; i < source.Text.Length; i++)
        {
            var c = source.Text[i];
            if ((c < ' ' && c is not ('\t' or '\n' or '\r')) || c == '\x7f')
            {
                throw source.Fault("PM2011", $"the control character 0x{(int)c:x2} cannot stand in YAML", source.PositionOf(i));
            }
        }

        return source;
    }

    /// <summary>Refuses a value or key that is indented by a tab: its depth would be a matter of taste.</summary>
    /// <exception cref="PackageFormatException">PM2011: a tab stands before it on its line.</exception>
    public void CheckIndentation(TextPosition position)
    {
        var line = position.Line <= Lines.Length ? Lines[position.Line - 1] : "";
        var before = line.AsSpan(0, Math.Min(position.Column - 1, line.Length));
        if (before.Contains('\t') && before.IndexOfAnyExcept(' ', '\t') < 0)
        {
            throw Fault("PM2011", TabMessage, new TextPosition(position.Line, before.IndexOf('\t') + 1));
        }
    }

    /// <summary>The first tab that indents, at or behind a line; null when there is none.</summary>
    public TextPosition? TabFrom(int line)
    {
        for (var i = Math.Max(line - 1, 0); i < Lines.Length; i++)
        {
            var indentation = Lines[i].AsSpan(0, Lines[i].Length - Lines[i].AsSpan().TrimStart(" \t").Length);
            if (indentation.IndexOf('\t') is var tab and >= 0)
            {
                return new TextPosition(i + 1, tab + 1);
            }
        }

        return null;
    }

    /// <summary>An exception that names the place, shows the line and points at the column.</summary>
    public PackageFormatException Fault(string code, string message, TextPosition position, Exception? inner = null)
    {
        var line = position.Line <= Lines.Length ? Lines[position.Line - 1] : "";
        var excerpt = line.Length is > 0 and <= LongestExcerpt && position.Column <= line.Length + 1
            ? $"\n  {Printable(line)}\n  {new string(' ', position.Column - 1)}^"
            : "";
        return new PackageFormatException(code, message + excerpt, $"{_file}:{position}", inner: inner);
    }

    TextPosition PositionOf(int index)
    {
        var before = Text[..index].ReplaceLineEndings("\n");
        return new TextPosition(before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>One character for one, so that the caret stays under its column.</summary>
    static string Printable(string line) =>
        string.Create(line.Length, line, static (shown, text) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                shown[i] = char.IsSurrogate(text[i]) || Shown.IsUnsafe(new Rune(text[i])) ? ' ' : text[i];
            }
        });
}
