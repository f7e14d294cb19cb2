namespace Pm.Packages.Toml;

/// <content>Removing.</content>
public sealed partial class TomlEditor
{
    /// <summary>
    /// Removes a key with the comment behind it, a table with all its lines, or an item of an array. Comments on lines of their own
    /// stay, but those among the lines of a table that goes.
    /// </summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="PackageFormatException">PM2104: the path leads through what is no table or array, or past an array's end.</exception>
    public bool Remove(ReadOnlySpan<TomlStep> path)
    {
        ArgumentOutOfRangeException.ThrowIfZero(path.Length);
        var place = Find(path);
        if (place.Found < path.Length)
        {
            return false;
        }

        if (place.Parent.Kind is TomlKind.Array && !place.Parent.Array.IsOfTables)
        {
            RemoveItem(place.Parent, path[^1].Index);
        }
        else if (place.Inline is { } inline)
        {
            RemoveInline(inline, Names(path[place.InlineAt..]));
        }
        else
        {
            var tables = Within(Tables(place.Value));
            // What is no table with lines of its own was written by the one statement whose key ends where the value's key stands.
            var key = tables.Count > 0 ? default : place.Parent.Table.Find(path[^1].Key!)!.Value.KeySpan;
            RemoveLines([.. Numbered()
                .Where(l => tables.Count > 0 ? IsIn(l.Statement, tables) : !l.Statement.IsHeader && l.Statement.Key[^1].Span == key)]);
        }

        return true;
    }

    IEnumerable<(TomlStatement Statement, int Number)> Numbered()
    {
        var number = 0;
        foreach (var statement in Lines)
        {
            yield return (statement, number++);
        }
    }

    /// <summary>Removes statements, given with their numbers; where headers go, with what stands between those that followed each other.</summary>
    void RemoveLines(List<(TomlStatement Statement, int Number)> lines)
    {
        var hasHeaders = lines.Exists(l => l.Statement.IsHeader);
        var regions = new List<TomlSplice>();
        var previous = -2;
        foreach (var (statement, number) in lines)
        {
            var (start, end) = (LineStart(statement.Span.Start), LineEnd(statement.Span.End));
            if (hasHeaders && number == previous + 1)
            {
                regions[^1] = regions[^1] with { End = end };
            }
            else
            {
                regions.Add(new TomlSplice(start, end, ""));
            }

            previous = number;
        }

        for (var i = 0; i < regions.Count && hasHeaders; i++)
        {
            regions[i] = WithEmptyLines(regions[i]);
        }

        Apply([.. regions]);
    }

    /// <summary>Takes the empty lines behind a section with it where there are some before it.</summary>
    TomlSplice WithEmptyLines(TomlSplice region)
    {
        var end = region.End;
        while (FollowsEmptyLine(region.Start) && end < Bytes.Length && Bytes[end..LineEnd(end)].Trim(" \t\r\n"u8).IsEmpty)
        {
            end = LineEnd(end);
        }

        return region with { End = end };
    }

    /// <summary>Removes all that an inline table has below a key.</summary>
    void RemoveInline(TomlTable table, string[] key)
    {
        while (true)
        {
            var all = Document.Statements.Where(s => s.Section == table).ToList();
            var at = all.FindIndex(s => s.Key.Length >= key.Length && s.Key.Take(key.Length).Select(p => p.Name).SequenceEqual(key));
            if (at < 0)
            {
                return;
            }

            var start = table.Span.Start;
            Apply(all.Count == 1 ? new TomlSplice(start + 1, table.Span.End - 1, "")
                : at == 0 ? new TomlSplice(all[0].Span.Start, all[1].Span.Start, "")
                : new TomlSplice(all[at - 1].Span.End, all[at].Span.End, ""));
            // The document was read again; what stands before the change stands where it stood.
            if (Document.Statements.FirstOrDefault(s => s.Section.Definition is TomlDefinition.Inline && s.Section.Span.Start == start) is not { } any)
            {
                return;
            }

            table = any.Section;
        }
    }
}
