using System.Globalization;
using System.Text;
using Pm.Packages.Toml;

namespace Pm.Packages.Tests.Toml;

/// <summary>
/// Random values and random ways to write them, by a writer of its own: the oracle of reader and editor. A table is a
/// dictionary, an array a list, all else a TOML expression in its one form.
/// </summary>
sealed class RandomToml(int seed)
{
    static readonly string[] Names = ["a", "b", "c", "name", "version", "x-y", "7", "", "é", "with space", "dot.ted", "\"q\"", "[h]", "#", "a=b"];

    static readonly string[] Texts =
        ["", "x", "two words", "\"q\"", "'", "# no comment", "a\\b", "é🙂", "line\nline", "\t", "]}", "= [", "\u0001", "'''", "\"\"\"", "\r\n"];

    readonly Random _random = new(seed);
    readonly StringBuilder _text = new();
    string _newline = "\n";

    public int Below(int count) => _random.Next(count);

    bool Chance(int of) => _random.Next(of) == 0;

    public SortedDictionary<string, object> Table(int depth)
    {
        var table = new SortedDictionary<string, object>(StringComparer.Ordinal);
        for (var i = Below(5); i > 0; i--)
        {
            table[Names[Below(Names.Length)]] = Value(depth);
        }

        return table;
    }

    public object Value(int depth) => Below(depth > 0 ? 8 : 5) switch
    {
        0 or 1 => TomlExpression.Of(Texts[Below(Texts.Length)]).ToString(),
        2 => TomlExpression.Of(_random.NextInt64() >> Below(63)).ToString(),
        3 => TomlExpression.Of(BitConverter.Int64BitsToDouble(_random.NextInt64())).ToString(),
        4 => Chance(2) ? TomlExpression.Of(Chance(2)).ToString() : Time().ToString(),
        5 => Enumerable.Range(0, Below(4)).Select(_ => Value(depth - 1)).ToList(),
        6 => Enumerable.Range(0, 1 + Below(3)).Select(_ => (object)Table(depth - 1)).ToList(),
        _ => Table(depth - 1),
    };

    TomlDateTime Time()
    {
        var time = new TomlDateTime { Hour = Below(24), Minute = Below(60), Second = Below(61), Nanosecond = Chance(2) ? 0 : Below(1_000_000_000) };
        var date = new TomlDateTime { Year = Below(10000), Month = 1 + Below(12), Day = 1 + Below(28) };
        time = Chance(4) ? time : time with { Year = date.Year, Month = date.Month, Day = date.Day };
        return Below(4) switch
        {
            0 => date,
            1 or 2 when time.Year is not null => time with { OffsetMinutes = Below(2879) - 1439 },
            _ => time,
        };
    }

    /// <summary>The document in some form: headers, dotted keys, inline tables, quotes, comments and blanks by chance.</summary>
    public string Write(SortedDictionary<string, object> root)
    {
        _text.Clear();
        _newline = Chance(4) ? "\r\n" : "\n";
        _text.Append(Chance(8) ? "\uFEFF" : "");
        Body(root, []);
        var text = _text.ToString();
        return Chance(6) ? text.TrimEnd('\r', '\n') : text;
    }

    void Body(SortedDictionary<string, object> table, List<string> path)
    {
        var later = new List<KeyValuePair<string, object>>();
        foreach (var entry in Shuffled(table))
        {
            if (entry.Value is SortedDictionary<string, object> or List<object> { Count: > 0 } && IsTables(entry.Value) && !Chance(3))
            {
                later.Add(entry);
            }
            else
            {
                Pair(Key(entry.Key), entry.Value);
            }
        }

        foreach (var (name, value) in later)
        {
            List<string> below = [.. path, Key(name)];
            if (value is SortedDictionary<string, object> inside)
            {
                // A table of tables alone may do without a header of its own.
                if (inside.Count == 0 || !inside.Values.All(v => v is SortedDictionary<string, object> { Count: 0 }) || Chance(2))
                {
                    Header("[", below, "]");
                    Body(inside, below);
                }
                else
                {
                    foreach (var key in inside.Keys)
                    {
                        Header("[", [.. below, Key(key)], "]");
                    }
                }
            }
            else
            {
                foreach (var item in (List<object>)value)
                {
                    Header("[[", below, "]]");
                    Body((SortedDictionary<string, object>)item, below);
                }
            }
        }
    }

    static bool IsTables(object value) => value is SortedDictionary<string, object> || ((List<object>)value).TrueForAll(i => i is SortedDictionary<string, object>);

    void Header(string open, List<string> path, string close)
    {
        Between();
        _text.Append(Blank()).Append(open).Append(Blank()).AppendJoin(Chance(5) ? " . " : ".", path).Append(Blank()).Append(close);
        LineEnd();
    }

    /// <summary>A key and its value; a table that is not empty perhaps as several dotted keys.</summary>
    void Pair(string key, object value)
    {
        if (value is SortedDictionary<string, object> { Count: > 0 } table && Chance(2))
        {
            foreach (var entry in Shuffled(table))
            {
                Pair($"{key}{(Chance(5) ? " . " : ".")}{Key(entry.Key)}", entry.Value);
            }

            return;
        }

        Between();
        _text.Append(Blank()).Append(key).Append(Blank()).Append('=').Append(Blank());
        Inline(value, isOnLines: true);
        LineEnd();
    }

    void Inline(object value, bool isOnLines)
    {
        switch (value)
        {
            case SortedDictionary<string, object> table:
                _text.Append('{').Append(Blank());
                var first = true;
                foreach (var entry in Shuffled(table))
                {
                    _text.Append(first ? "" : ",").Append(Blank()).Append(Key(entry.Key)).Append(Blank()).Append('=').Append(Blank());
                    Inline(entry.Value, isOnLines);
                    _text.Append(Blank());
                    first = false;
                }

                _text.Append('}');
                break;
            case List<object> list:
                _text.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    Gap();
                    Inline(list[i], isOnLines);
                    Gap();
                    _text.Append(i < list.Count - 1 || Chance(3) ? "," : "");
                }

                Gap();
                _text.Append(']');
                break;
            default:
                _text.Append(Scalar((string)value));
                break;
        }
    }

    /// <summary>Other forms of some scalars that mean the same.</summary>
    string Scalar(string form) =>
        long.TryParse(form, CultureInfo.InvariantCulture, out var number) && number >= 0 && Chance(3) ? $"0x{number:X}"
        : form.StartsWith('"') && !form.Contains('\\') && Chance(2)
            ? form.Contains('\'') || Chance(2) ? $"\"\"\"{_newline}{form[1..^1]}\"\"\"" : $"'{form[1..^1]}'"
        : form;

    string Key(string name)
    {
        var key = TomlExpression.Of(name).ToString();
        return name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !Chance(4) ? name
            : name.Contains('\'') || Chance(2) ? key
            : $"'{name}'";
    }

    List<KeyValuePair<string, object>> Shuffled(SortedDictionary<string, object> table)
    {
        var entries = table.ToArray();
        _random.Shuffle(entries);
        return [.. entries];
    }

    string Blank() => Below(6) switch { 0 => "", 1 => "\t", 2 => "  ", _ => " " };

    void Gap()
    {
        if (Chance(4))
        {
            _text.Append(Chance(2) ? " # in, [an] {array}" : "").Append(_newline).Append("    ");
        }
    }

    void Between()
    {
        if (Chance(3))
        {
            _text.Append(Chance(2) ? _newline : $"  # own = [\"line\"] é{_newline}");
        }
    }

    void LineEnd() => _text.Append(Chance(4) ? " # behind = 'it'" : Chance(6) ? " " : "").Append(_newline);
}
