namespace Pm.Packages.Toml;

/// <content>Items of arrays in brackets.</content>
public sealed partial class TomlEditor
{
    /// <summary>Adds an item to an array as its last, on a line of its own where the last one has one; an array that is not there is made.</summary>
    /// <exception cref="PackageFormatException">PM2104: there is no array in brackets, or the path leads through what is no table.</exception>
    public void Append(ReadOnlySpan<TomlStep> array, TomlExpression item)
    {
        var place = Find(array);
        if (place.Found < array.Length)
        {
            Set(array, TomlExpression.Array([item]));
        }
        else if (place.Value is not { Kind: TomlKind.Array, Array: { IsOfTables: false } items })
        {
            throw Misfit($"{Shown.Quote(TomlStep.Text(array))} is {place.Value.KindName}, and no array in brackets", place.Value);
        }
        else if (items.Count == 0)
        {
            AppendFirst(place.Value.Span, Local(item));
        }
        else
        {
            AppendBehind(place.Value, items, Local(item));
        }
    }

    void AppendFirst(TomlSpan array, string item)
    {
        var close = array.End - 1;
        if (!Bytes[array.Start..close].Contains((byte)'\n'))
        {
            Apply(new TomlSplice(array.Start + 1, close, item));
            return;
        }

        var line = LineStart(close);
        Apply(new TomlSplice(line, line, $"{Indentation(close)}    {item},{_newline}"));
    }

    void AppendBehind(TomlValue array, TomlArray items, string item)
    {
        var last = items.Items[^1].Span;
        var close = array.Span.End - 1;
        var before = items.Count == 1 ? array.Span.Start + 1 : items.Items[^2].Span.End;
        if (!HasOwnLine(before, last.Start))
        {
            Apply(new TomlSplice(last.End, last.End, $", {item}"));
            return;
        }

        var comma = Comma(last.End, close);
        var behind = comma < 0 ? last.End : comma + 1;
        var text = Indentation(last.Start) + item + (comma < 0 ? "" : ",");
        var missing = new TomlSplice(last.End, last.End, comma < 0 ? "," : "");
        var end = Bytes[behind..close].IndexOf((byte)'\n');
        Apply(missing, end < 0
            ? new TomlSplice(behind, behind, _newline + text)
            : new TomlSplice(behind + end + 1, behind + end + 1, text + _newline));
    }

    void RemoveItem(TomlValue array, int index)
    {
        var items = array.Array.Items;
        var item = items[index].Span;
        var close = array.Span.End - 1;
        var before = index == 0 ? array.Span.Start + 1 : items[index - 1].Span.End;
        var after = index == items.Length - 1 ? close : items[index + 1].Span.Start;
        var comma = Comma(item.End, after);
        var previousComma = index == 0 ? -1 : Comma(before, item.Start);
        var end = comma < 0 ? item.End : comma + 1;
        // A last item without a comma leaves none behind the one before it.
        var isLast = index == items.Length - 1 && comma < 0 && index > 0;
        var takesComma = new TomlSplice(previousComma, previousComma + 1, "");
        var hasLine = HasOwnLine(before, item.Start) && Bytes[end..after].Contains((byte)'\n');
        if (hasLine)
        {
            var line = new TomlSplice(LineStart(item.Start), LineEnd(end), "");
            Apply(isLast ? [takesComma, line] : [line]);
        }
        else if (index < items.Length - 1)
        {
            // Up to the next item; where a comment or a line's end comes first, only to there.
            var stop = Bytes[end..after].IndexOfAny((byte)'#', (byte)'\n', (byte)'\r');
            Apply(new TomlSplice(item.Start, stop < 0 ? after : end, ""));
        }
        else if (isLast && !Bytes[before..item.Start].ContainsAny((byte)'#', (byte)'\n'))
        {
            Apply(new TomlSplice(before, item.End, ""));
        }
        else
        {
            Apply(isLast ? [takesComma, new TomlSplice(item.Start, end, "")] : [new TomlSplice(item.Start, end, "")]);
        }
    }

    /// <summary>Whether only blanks stand before an item on its line.</summary>
    bool HasOwnLine(int before, int item) => Bytes[before..item].LastIndexOf((byte)'\n') is var end and >= 0 && Bytes[(before + end + 1)..item].Trim(" \t"u8).IsEmpty;

    /// <summary>Where the comma stands between two places that only blanks, lines' ends and comments are between; -1 when there is none.</summary>
    int Comma(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (Bytes[i] == ',')
            {
                return i;
            }

            i = Bytes[i] == '#' ? LineEnd(i) - 1 : i;
        }

        return -1;
    }
}
