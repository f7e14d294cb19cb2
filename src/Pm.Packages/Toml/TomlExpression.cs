using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pm.Packages.Toml;

/// <summary>A value, written as TOML: what is set by an editor and written by a writer. One value has one form.</summary>
public readonly record struct TomlExpression
{
    static readonly SearchValues<char> Bare = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    readonly string? _toml;

    TomlExpression(string toml) => _toml = toml;

    /// <summary>Between double quotes on one line.</summary>
    /// <exception cref="ArgumentException">There is half of a surrogate pair in it: it has no form in UTF-8.</exception>
    public static TomlExpression Of(string text) => new(Quoted(text));

    public static TomlExpression Of(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    public static TomlExpression Of(bool value) => new(value ? "true" : "false");

    /// <summary>The shortest form that is read as the same number.</summary>
    public static TomlExpression Of(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return new(
            double.IsNaN(number) ? "nan"
            : double.IsInfinity(number) ? number > 0 ? "inf" : "-inf"
            : text.AsSpan().ContainsAny('.', 'E') ? text.Replace("E", "e", StringComparison.Ordinal)
            : text + ".0");
    }

    public static TomlExpression Of(TomlDateTime time) => new(time.ToString());

    /// <summary>On one line.</summary>
    public static TomlExpression Array(IEnumerable<TomlExpression> items) => new($"[{string.Join(", ", items)}]");

    /// <summary>An inline table.</summary>
    public static TomlExpression Table(IEnumerable<KeyValuePair<string, TomlExpression>> entries)
    {
        var inside = string.Join(", ", entries.Select(e => $"{Key(e.Key)} = {e.Value}"));
        return new(inside.Length == 0 ? "{}" : $"{{ {inside} }}");
    }

    /// <summary>One item a line, with a comma behind each, so that two who add items meet no line of each other's; <c>[]</c> when there is none.</summary>
    public static TomlExpression Lines(IEnumerable<TomlExpression> items)
    {
        var inside = string.Concat(items.Select(i => $"    {i},\n"));
        return new(inside.Length == 0 ? "[]" : $"[\n{inside}]");
    }

    public override string ToString() => _toml ?? "\"\"";

    /// <summary>A key: bare where it can be, else in double quotes.</summary>
    internal static string Key(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Bare) ? name : Quoted(name);

    /// <summary>A value of a document in this form.</summary>
    internal static TomlExpression Of(TomlValue value) => value.Kind switch
    {
        TomlKind.Text => Of(value.Text),
        TomlKind.Integer => Of(value.Integer),
        TomlKind.Float => Of(value.Float),
        TomlKind.Boolean => Of(value.Boolean),
        TomlKind.Array => Array(value.Array.Items.ToArray().Select(Of)),
        TomlKind.Table => Table(value.Table.Entries.ToArray().Select(e => KeyValuePair.Create(e.Key, Of(e.Value)))),
        _ => Of(value.DateTime),
    };

    static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsSurrogate(c))
            {
                if (!Rune.TryGetRuneAt(text, i, out _))
                {
                    throw new ArgumentException("half of a surrogate pair has no form in UTF-8", nameof(text));
                }

                quoted.Append(c).Append(text[++i]);
                continue;
            }

            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7f' => $"\\u{(int)c:X4}",
                _ => null,
            } ?? c.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
