using System.Text;

namespace Pm.Packages.Toml;

/// <content>Setting a value.</content>
public sealed partial class TomlEditor
{
    /// <summary>
    /// Gives a key its value. What is there is replaced; what is not is added behind its neighbours and in their style, with the
    /// tables on the way to it: into an inline table between its braces, to a dotted key as another such key, else below a header.
    /// </summary>
    /// <exception cref="PackageFormatException">PM2104: there is a table, or the path leads through what is none.</exception>
    public void Set(ReadOnlySpan<TomlStep> path, TomlExpression value)
    {
        var place = Find(path);
        if (place.Found == path.Length)
        {
            if (place.Value is { Kind: TomlKind.Table, Table.Definition: not TomlDefinition.Inline } or { Kind: TomlKind.Array, Array.IsOfTables: true })
            {
                throw Misfit($"{Shown.Quote(TomlStep.Text(path))} is {place.Value.KindName} with lines of its own; its keys can be set", place.Value);
            }

            Apply(new TomlSplice(place.Value.Span.Start, place.Value.Span.End, Local(value)));
            return;
        }

        var missing = Names(path[place.Found..]);
        if (place.Value.Table.Definition is TomlDefinition.Inline)
        {
            AddInline(place.Value.Table, missing, value);
        }
        else if (place.Inline is { } inline)
        {
            AddInline(inline, Names(path[place.InlineAt..]), value);
        }
        else if (place.Value.Table.Definition is TomlDefinition.Dotted)
        {
            AddDotted(place.Value.Table, missing, value);
        }
        else if (missing.Length == 1 && place.Value.Table.Definition is TomlDefinition.Header)
        {
            AddToSection(place.Value.Table, missing, value);
        }
        else
        {
            var header = $"[{Key(HeaderNames(path[..^1]))}]";
            KeyValuePair<string, TomlExpression>[] entries = [KeyValuePair.Create(missing[^1], value)];
            if (missing.Length == 1)
            {
                GiveHeader(place.Value.Table, header, entries);
            }
            else
            {
                InsertSection(LastIn(Within([place.Value.Table])), "", header, entries);
            }
        }
    }

    /// <exception cref="PackageFormatException">PM2104: an item of an array that is not there.</exception>
    string[] Names(ReadOnlySpan<TomlStep> path)
    {
        var names = new string[path.Length];
        for (var i = 0; i < path.Length; i++)
        {
            names[i] = path[i].Key ?? throw new PackageFormatException("PM2104", $"there is no array for item {path[i].Index}", Document.File);
        }

        return names;
    }

    void AddInline(TomlTable table, string[] key, TomlExpression value)
    {
        var last = Document.Statements.LastOrDefault(s => s.Section == table);
        if (last is null)
        {
            Apply(new TomlSplice(table.Span.Start, table.Span.End, $"{{ {Key(key)} = {Local(value)} }}"));
            return;
        }

        var (before, after) = Equals(last);
        Apply(new TomlSplice(last.Span.End, last.Span.End, $", {Key(key)}{(before.Length > 1 ? " " : before)}={after}{Local(value)}"));
    }

    /// <summary>Adds a dotted key behind the last that goes through <paramref name="table"/>, beginning as that begins.</summary>
    void AddDotted(TomlTable table, string[] key, TomlExpression value)
    {
        HashSet<TomlTable> tables = [table];
        var last = Lines.Last(s => PartsTo(s, tables) > 0);
        var prefix = Encoding.UTF8.GetString(Bytes[last.Span.Start..last.Key[PartsTo(last, tables) - 1].Span.End]);
        AddLine(last, $"{prefix}.{Key(key)}", value);
    }

    /// <summary>How many parts of a statement's key lead to the first of <paramref name="tables"/>; 0 when they lead to none.</summary>
    static int PartsTo(TomlStatement statement, HashSet<TomlTable> tables)
    {
        var at = statement.Section;
        for (var i = 0; !statement.IsHeader && i < statement.Key.Length - 1; i++)
        {
            at.TryGet(statement.Key[i].Name, out var next);
            at = next.Table;
            if (tables.Contains(at))
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>Adds a key to a table that has a header, or to the document.</summary>
    void AddToSection(TomlTable section, string[] key, TomlExpression value)
    {
        if (Lines.LastOrDefault(s => s.Section == section) is { } last)
        {
            AddLine(last, Key(key), value);
            return;
        }

        // The document itself, and no key stands in it: before its first header.
        var line = $"{Key(key)} = {Local(value)}{_newline}";
        var first = Lines.FirstOrDefault();
        var at = first is null ? Bytes.Length : WithComments(first, Document.Source.Start);
        Apply(new TomlSplice(at, at, LineBreakAt(at) + line + (first is null ? "" : _newline)));
    }

    void AddLine(TomlStatement after, string key, TomlExpression value)
    {
        var at = LineEnd(after.Span.End);
        var (before, behind) = after.IsHeader ? (" ", " ") : Equals(after);
        if (before.Length > 1)
        {
            // The keys are aligned.
            var column = after.Key[^1].Span.End - after.Span.Start + before.Length;
            before = new string(' ', Math.Max(column - Encoding.UTF8.GetByteCount(key), 1));
        }

        Apply(new TomlSplice(at, at, $"{LineBreakAt(at)}{Indentation(after.Span.Start)}{key}{before}={behind}{Local(value)}{_newline}"));
    }

    /// <summary>The blanks before and behind the equals sign of a statement.</summary>
    (string Before, string Behind) Equals(TomlStatement statement)
    {
        var end = statement.Key[^1].Span.End;
        var equals = end + Bytes[end..].IndexOf((byte)'=');
        var value = equals + 1 + Bytes[(equals + 1)..].IndexOfAnyExcept((byte)' ', (byte)'\t');
        return (Encoding.UTF8.GetString(Bytes[end..equals]), value - equals > 2 ? " " : Encoding.UTF8.GetString(Bytes[(equals + 1)..value]));
    }

    static string Key(string[] parts) => string.Join('.', parts.Select(TomlExpression.Key));
}
