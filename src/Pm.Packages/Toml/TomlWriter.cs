using System.Text;

namespace Pm.Packages.Toml;

/// <summary>Writes a document line by line, in the order of the calls: for files that pm makes, such as a lockfile.</summary>
/// <remarks>What a call writes does not depend on what follows it: a change of one table changes the lines of that table alone.</remarks>
public sealed class TomlWriter
{
    readonly StringBuilder _text = new();

    /// <summary>A comment on lines of its own.</summary>
    /// <exception cref="ArgumentException">A control character is in it: no comment can hold it.</exception>
    public void Comment(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Any(c => c != '\t' && char.IsControl(c) && c is < ' ' or '\x7f'))
            {
                throw new ArgumentException("a comment cannot hold control characters", nameof(text));
            }

            _text.Append(line.Length == 0 ? "#" : $"# {line}").Append('\n');
        }
    }

    /// <summary>Begins the table with this name, behind an empty line.</summary>
    public void Table(params ReadOnlySpan<string> name) => Header("[", name, "]");

    /// <summary>Begins the next table of the array with this name, behind an empty line.</summary>
    public void ArrayTable(params ReadOnlySpan<string> name) => Header("[[", name, "]]");

    /// <summary>A key and its value in the table that was begun last.</summary>
    public void Set(string key, TomlExpression value) => _text.Append(TomlExpression.Key(key)).Append(" = ").Append(value).Append('\n');

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    void Header(string open, ReadOnlySpan<string> name, string close)
    {
        _text.Append(_text.Length == 0 ? "" : "\n").Append(open);
        for (var i = 0; i < name.Length; i++)
        {
            _text.Append(i == 0 ? "" : ".").Append(TomlExpression.Key(name[i]));
        }

        _text.Append(close).Append('\n');
    }
}
