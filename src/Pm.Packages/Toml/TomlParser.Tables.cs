namespace Pm.Packages.Toml;

/// <content>Headers, and which table a key belongs to: the rules about what may be defined where, and once.</content>
ref partial struct TomlParser
{
    /// <summary>Reads <c>[name]</c> or <c>[[name]]</c>.</summary>
    void Header()
    {
        var start = _at;
        var isArray = Ahead(1) == '[';
        _at += isArray ? 2 : 1;
        SkipBlanks();
        Key();
        if (Current != ']' || (isArray && Ahead(1) != ']'))
        {
            throw Unexpected(isArray ? "`]]` behind the name of a table of an array" : "`]` behind the name of a table");
        }

        _at += isArray ? 2 : 1;
        var span = new TomlSpan(start, _at - start);
        _section = isArray ? ArrayTable(span) : Table(span);
        _sectionDepth = _partCount;
        _statements?.Add(new TomlStatement(true, _section, _parts.AsSpan(0, _partCount).ToArray(), span));
    }

    /// <summary>The table that <c>[name]</c> opens.</summary>
    TomlTable Table(TomlSpan span)
    {
        var parent = Parent(span);
        var last = _parts[_partCount - 1];
        if (parent.Find(last.Name) is not { } entry)
        {
            return NewTable(parent, last, TomlDefinition.Header, span);
        }

        if (entry.Value is { Kind: TomlKind.Table, Table: { Definition: TomlDefinition.Implicit } table })
        {
            (table.Definition, table.Span) = (TomlDefinition.Header, span);
            return table;
        }

        throw Twice(last, entry);
    }

    /// <summary>The table that <c>[[name]]</c> adds.</summary>
    TomlTable ArrayTable(TomlSpan span)
    {
        var parent = Parent(span);
        var last = _parts[_partCount - 1];
        TomlArray array;
        if (parent.Find(last.Name) is { } entry)
        {
            array = entry.Value is { Kind: TomlKind.Array, Array: { IsOfTables: true } tables } ? tables : throw Twice(last, entry);
        }
        else
        {
            Count(span.Start);
            array = new TomlArray(isOfTables: true);
            parent.Add(last.Name, last.Span, TomlValue.OfArray(last.Span, array));
        }

        Count(span.Start);
        var table = new TomlTable(TomlDefinition.Header, span, expected: array.Count == 0 ? 0 : array.Items[^1].Table.Count);
        array.Add(TomlValue.OfTable(table));
        return table;
    }

    /// <summary>The table that the parts of a header before its last lead to; of an array of tables it is the last one.</summary>
    TomlTable Parent(TomlSpan span)
    {
        var table = _root;
        for (var i = 0; i < _partCount - 1; i++)
        {
            var part = _parts[i];
            table = table.Find(part.Name) switch
            {
                null => NewTable(table, part, TomlDefinition.Implicit, span),
                { Value: { Kind: TomlKind.Table, Table: { Definition: not TomlDefinition.Inline } next } } => next,
                { Value: { Kind: TomlKind.Array, Array: { IsOfTables: true } tables } } => tables.Items[^1].Table,
                { } entry => throw NotOpen(part, entry.Value),
            };
        }

        return table;
    }

    /// <summary>The table that the parts of a dotted key before its last lead to, from <paramref name="table"/> on.</summary>
    TomlTable Owner(TomlTable table)
    {
        for (var i = 0; i < _partCount - 1; i++)
        {
            var part = _parts[i];
            switch (table.Find(part.Name))
            {
                case null:
                    table = NewTable(table, part, TomlDefinition.Dotted, part.Span);
                    break;
                case { Value: { Kind: TomlKind.Table, Table: { Definition: TomlDefinition.Dotted or TomlDefinition.Implicit } next } }:
                    // What a header only passed through is not defined yet; now it is, and no header of its own may follow.
                    next.Definition = TomlDefinition.Dotted;
                    table = next;
                    break;
                case { } entry:
                    throw NotOpen(part, entry.Value);
            }
        }

        return table;
    }

    TomlTable NewTable(TomlTable parent, TomlKeyPart part, TomlDefinition definition, TomlSpan span)
    {
        Count(part.Span.Start);
        var table = new TomlTable(definition, span);
        parent.Add(part.Name, part.Span, TomlValue.OfTable(table));
        return table;
    }

    /// <summary>A key or table is defined a second time.</summary>
    readonly PackageFormatException Twice(TomlKeyPart part, TomlEntry first) => _source.Fault(
        "PM2103", $"{Shown.Quote(part.Name)} is defined twice: line {_source.PositionOf(first.KeySpan.Start).Line} makes it {first.Value.KindName}", part.Span.Start);

    /// <summary>Something is to be put into what is complete, or no table.</summary>
    readonly PackageFormatException NotOpen(TomlKeyPart part, TomlValue value)
    {
        var line = _source.PositionOf(value.Span.Start).Line;
        return _source.Fault(
            "PM2103",
            value is { Kind: TomlKind.Table, Table.Definition: TomlDefinition.Inline }
                ? $"{Shown.Quote(part.Name)} is complete: nothing can be added to the inline table of line {line}"
            : value.Kind is TomlKind.Table ? $"{Shown.Quote(part.Name)} has a header in line {line}: its keys stand below that"
            : $"{Shown.Quote(part.Name)} is {value.KindName} since line {line}, and no table",
            part.Span.Start);
    }
}
