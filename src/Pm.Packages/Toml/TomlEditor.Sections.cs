using System.Text;

namespace Pm.Packages.Toml;

/// <content>Headers and what stands below them.</content>
public sealed partial class TomlEditor
{
    /// <summary>
    /// Adds a table to an array of tables, behind its last one and with a header as that has; an array that is not there is begun
    /// behind what belongs to the table that it is to be in. To an array in brackets an inline table is added.
    /// </summary>
    /// <exception cref="PackageFormatException">PM2104: there is no array, or the path leads through what is no table.</exception>
    public void AppendTable(ReadOnlySpan<TomlStep> array, IEnumerable<KeyValuePair<string, TomlExpression>> entries)
    {
        var place = Find(array);
        if (place.Found < array.Length)
        {
            Names(array[place.Found..]);
            if (place.Inline is not null || place.Value.Table.Definition is TomlDefinition.Inline or TomlDefinition.Dotted)
            {
                Set(array, TomlExpression.Array([TomlExpression.Table(entries)]));
            }
            else
            {
                InsertSection(LastIn(Within([place.Value.Table])), "", $"[[{Key(HeaderNames(array))}]]", entries);
            }
        }
        else if (place.Value is { Kind: TomlKind.Array, Array: { IsOfTables: true } tables })
        {
            var last = Lines.Last(s => s.IsHeader && s.Section == tables.Items[^1].Table);
            var header = Encoding.UTF8.GetString(Bytes[last.Span.Start..last.Span.End]);
            InsertSection(LastIn(Within([last.Section])), Indentation(last.Span.Start), header, entries);
        }
        else
        {
            Append(array, TomlExpression.Table(entries));
        }
    }

    /// <summary>The names of a header: of an array of tables, it means the last item before it, wherever it stands.</summary>
    static string[] HeaderNames(ReadOnlySpan<TomlStep> path)
    {
        var names = new List<string>();
        foreach (var step in path)
        {
            names.AddRange(step.Key is { } name ? [name] : []);
        }

        return [.. names];
    }

    /// <summary>Gives a header to a table that others only passed through: before theirs.</summary>
    void GiveHeader(TomlTable table, string header, KeyValuePair<string, TomlExpression>[] entries)
    {
        var tables = Within([table]);
        var first = Lines.First(s => IsIn(s, tables));
        var at = WithComments(first, Previous(first));
        Apply(new TomlSplice(at, at, Section(Indentation(first.Span.Start), header, entries) + _newline));
    }

    /// <summary>Puts a section behind the one that <paramref name="last"/> belongs to; at the document's end when that is null.</summary>
    void InsertSection(TomlStatement? last, string indentation, string header, IEnumerable<KeyValuePair<string, TomlExpression>> entries)
    {
        var section = Section(indentation, header, entries);
        var headers = Lines.Where(s => s.IsHeader).ToList();
        if (last is not null && headers.Find(s => s.Span.Start > last.Span.Start) is { } next)
        {
            var before = WithComments(next, Previous(next));
            Apply(new TomlSplice(before, before, section + (FollowsEmptyLine(before) ? _newline : "")));
            return;
        }

        var isDense = headers.Count > 1 && !FollowsEmptyLine(WithComments(headers[^1], Previous(headers[^1])));
        var end = Bytes.Length;
        var isApart = isDense || (LineBreakAt(end).Length == 0 && FollowsEmptyLine(end));
        Apply(new TomlSplice(end, end, LineBreakAt(end) + (isApart ? "" : _newline) + section));
    }

    string Section(string indentation, string header, IEnumerable<KeyValuePair<string, TomlExpression>> entries)
    {
        var text = new StringBuilder().Append(indentation).Append(header).Append(_newline);
        foreach (var (key, value) in entries)
        {
            text.Append(indentation).Append(TomlExpression.Key(key)).Append(" = ").Append(Local(value)).Append(_newline);
        }

        return text.ToString();
    }

    TomlStatement? LastIn(HashSet<TomlTable> tables) => Lines.LastOrDefault(s => IsIn(s, tables));

    /// <summary>Whether a line belongs to one of the tables.</summary>
    static bool IsIn(TomlStatement statement, HashSet<TomlTable> tables) => tables.Contains(statement.Section) || PartsTo(statement, tables) > 0;

    /// <summary>The tables, and all in them that have lines of their own.</summary>
    static HashSet<TomlTable> Within(IEnumerable<TomlTable> some)
    {
        var tables = new HashSet<TomlTable>();
        var waiting = new Stack<TomlTable>(some);
        while (waiting.TryPop(out var next))
        {
            tables.Add(next);
            foreach (var entry in next.Entries)
            {
                foreach (var inside in Tables(entry.Value))
                {
                    waiting.Push(inside);
                }
            }
        }

        return tables;
    }

    /// <summary>The tables with lines of their own that a value is, or has as its items.</summary>
    static IEnumerable<TomlTable> Tables(TomlValue value) =>
        value is { Kind: TomlKind.Table, Table: { Definition: not TomlDefinition.Inline } table } ? [table]
        : value is { Kind: TomlKind.Array, Array: { IsOfTables: true } array } ? array.Items.ToArray().Select(i => i.Table)
        : [];

    /// <summary>The end of what stands before a statement.</summary>
    int Previous(TomlStatement statement) =>
        Lines.LastOrDefault(s => s.Span.Start < statement.Span.Start) is { } previous ? LineEnd(previous.Span.End) : Document.Source.Start;

    /// <summary>Where a statement begins with the comments that stand right above it, not before <paramref name="earliest"/>.</summary>
    int WithComments(TomlStatement statement, int earliest)
    {
        var at = LineStart(statement.Span.Start);
        while (at > earliest)
        {
            var above = LineStart(at - 1);
            if (!Bytes[above..at].TrimStart(" \t"u8).StartsWith("#"u8))
            {
                break;
            }

            at = above;
        }

        return at;
    }
}
