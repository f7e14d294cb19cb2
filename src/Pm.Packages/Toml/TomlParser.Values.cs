namespace Pm.Packages.Toml;

/// <content>Values that are no texts.</content>
ref partial struct TomlParser
{
    /// <summary>Reads a value that lies <paramref name="depth"/> levels deep.</summary>
    TomlValue Value(int depth)
    {
        Count(_at);
        return Current switch
        {
            '"' => Ahead(1) == '"' && Ahead(2) == '"' ? BasicLines() : BasicText(),
            '\'' => Ahead(1) == '\'' && Ahead(2) == '\'' ? LiteralLines() : LiteralText(),
            '[' => Array(depth + 1),
            '{' => InlineTable(depth + 1),
            _ => Word(),
        };
    }

    TomlValue Array(int depth)
    {
        var start = _at;
        CheckDepth(depth, start);
        var array = new TomlArray(isOfTables: false);
        _at++;
        SkipBetween();
        while (Current != ']')
        {
            array.Add(Value(depth));
            SkipBetween();
            if (Current == ',')
            {
                _at++;
                SkipBetween();
            }
            else if (Current != ']')
            {
                throw Unexpected("`,` or `]` behind an item of an array");
            }
        }

        _at++;
        return TomlValue.OfArray(new TomlSpan(start, _at - start), array);
    }

    TomlValue InlineTable(int depth)
    {
        var start = _at;
        CheckDepth(depth, start);
        var table = new TomlTable(TomlDefinition.Inline, default);
        _at++;
        SkipBlanks();
        while (Current != '}')
        {
            CheckSameLine(start);
            Pair(table, depth);
            SkipBlanks();
            if (Current == '}')
            {
                break;
            }

            CheckSameLine(start);
            if (Current != ',')
            {
                throw Unexpected("`,` or `}` behind a value of an inline table");
            }

            _at++;
            SkipBlanks();
            if (Current == '}')
            {
                throw Fault("an inline table has no comma behind its last value", _at);
            }
        }

        _at++;
        table.Span = new TomlSpan(start, _at - start);
        return TomlValue.OfTable(table);
    }

    readonly void CheckSameLine(int start)
    {
        if (IsNewline() || Current == '#')
        {
            throw Fault(
                "an inline table ends on the line that it begins on",
                _at,
                hint: $"write a table with a header instead of the braces that begin at {_source.File}:{_source.PositionOf(start)}");
        }
    }

    /// <summary>Reads a number, a date, a time or a boolean: what is not quoted.</summary>
    TomlValue Word()
    {
        var start = _at;
        EndOfWord();
        if (_at == start)
        {
            throw Unexpected("a value");
        }

        // A space may stand between date and time (RFC 3339, 5.6): only where a time follows, which no comment can look like.
        if (_at - start == "2000-01-01".Length && Current == ' ' && _bytes[start + 4] == '-' && Ahead(1) is >= '0' and <= '9')
        {
            _at++;
            EndOfWord();
        }

        var word = _bytes[start.._at];
        var span = new TomlSpan(start, word.Length);
        var fault = TomlWord.Read(word, span, out var value);
        return fault is null ? value : throw Fault(fault, start + FirstLookAlike(word), LookAlike.Hint(word[FirstLookAlike(word)..]));
    }

    /// <summary>Where in a word something stands that looks like punctuation; 0 when there is nothing of that kind.</summary>
    static int FirstLookAlike(ReadOnlySpan<byte> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] >= 0xc0 && LookAlike.Hint(word[i..]) is not null)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>Goes to the first byte that ends what is not quoted: blanks, control characters, brackets, quotes.</summary>
    void EndOfWord()
    {
        while (_at < _bytes.Length
            && _bytes[_at] is not (<= (byte)' ' or 0x7f
                or (byte)',' or (byte)']' or (byte)'}' or (byte)'#' or (byte)'=' or (byte)'"' or (byte)'\'' or (byte)'[' or (byte)'{'))
        {
            _at++;
        }
    }
}
