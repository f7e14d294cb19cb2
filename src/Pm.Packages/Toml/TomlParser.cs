using System.Buffers;

namespace Pm.Packages.Toml;

/// <summary>Reads a document in one pass. Source: TOML 1.0.0 and its ABNF.</summary>
ref partial struct TomlParser
{
    const int KnownNames = 256;

    /// <summary>What ends a comment or cannot stand in one: control characters other than the tab.</summary>
    static readonly SearchValues<byte> CommentStops = SearchValues.Create(Controls([]));

    readonly TomlSource _source;
    readonly ReadOnlySpan<byte> _bytes;
    readonly TomlLimits _limits;
    readonly List<TomlStatement>? _statements;
    readonly TomlTable _root;

    // Most keys of a document are the same few words: they are made into strings once.
    readonly string?[] _names = new string?[KnownNames];

    TomlTable _section;
    int _sectionDepth;
    TomlKeyPart[] _parts = new TomlKeyPart[4];
    int _partCount;
    ArrayBufferWriter<byte>? _decoded;
    int _at;
    int _values;

    TomlParser(TomlSource source, TomlLimits limits, bool keepsStatements)
    {
        _source = source;
        _bytes = source.Bytes.Span;
        _limits = limits;
        _statements = keepsStatements ? [] : null;
        _root = _section = new TomlTable(TomlDefinition.Header, new TomlSpan(source.Start, 0));
        _at = source.Start;
    }

    /// <exception cref="PackageFormatException">PM2101–PM2103: not TOML, beyond the limits, or something is defined twice.</exception>
    public static TomlDocument Read(ReadOnlyMemory<byte> utf8, string file, TomlLimits limits, bool keepsStatements)
    {
        var parser = new TomlParser(TomlSource.Of(utf8, file, limits), limits, keepsStatements);
        parser.Document();
        return new TomlDocument(parser._source, parser._root, parser._statements ?? []);
    }

    void Document()
    {
        while (true)
        {
            SkipBlanks();
            if (_at == _bytes.Length)
            {
                return;
            }

            switch (_bytes[_at])
            {
                case (byte)'\n' or (byte)'\r' or (byte)'#':
                    break;
                case (byte)'[':
                    Header();
                    break;
                default:
                    Pair(_section, _sectionDepth);
                    break;
            }

            EndOfLine();
        }
    }

    /// <summary>Reads a key and its value, of a section or an inline table.</summary>
    void Pair(TomlTable section, int depth)
    {
        var start = _at;
        Key();
        var parts = _statements is null ? [] : _parts.AsSpan(0, _partCount).ToArray();
        Assign(section, depth);
        _statements?.Add(new TomlStatement(false, section, parts, new TomlSpan(start, _at - start)));
    }

    /// <summary>Reads <c>= value</c> behind a key and gives it to the table that the key names, which begins at <paramref name="table"/>.</summary>
    void Assign(TomlTable table, int depth)
    {
        if (Current != '=')
        {
            throw Unexpected("`=` behind the key");
        }

        depth += _partCount;
        CheckDepth(depth, _parts[0].Span.Start);
        var owner = Owner(table);
        var last = _parts[_partCount - 1];
        if (owner.Contains(last.Name))
        {
            throw Twice(last, owner.Find(last.Name)!.Value);
        }

        _at++;
        SkipBlanks();
        var value = Value(depth);
        owner.Add(last.Name, last.Span, value);
    }

    /// <summary>An optional comment and the line's end.</summary>
    void EndOfLine()
    {
        SkipBlanks();
        if (Current == '#')
        {
            SkipComment();
        }

        if (_at < _bytes.Length && !TryNewline())
        {
            throw Unexpected("the end of the line");
        }
    }

    void SkipBlanks()
    {
        while (_at < _bytes.Length && _bytes[_at] is (byte)' ' or (byte)'\t')
        {
            _at++;
        }
    }

    /// <summary>Goes to the line's end behind a comment.</summary>
    void SkipComment()
    {
        var length = _bytes[_at..].IndexOfAny(CommentStops);
        _at = length < 0 ? _bytes.Length : _at + length;
        if (_at < _bytes.Length && !IsNewline())
        {
            throw ControlCharacter();
        }
    }

    /// <summary>Skips what may stand between the items of an array: blanks, lines' ends, comments.</summary>
    void SkipBetween()
    {
        while (true)
        {
            SkipBlanks();
            if (Current == '#')
            {
                SkipComment();
            }
            else if (!TryNewline())
            {
                return;
            }
        }
    }

    /// <summary>The byte that is next; -1 at the end.</summary>
    readonly int Current => _at < _bytes.Length ? _bytes[_at] : -1;

    readonly int Ahead(int count) => _at + count < _bytes.Length ? _bytes[_at + count] : -1;

    readonly bool IsNewline() => Current == '\n' || (Current == '\r' && Ahead(1) == '\n');

    bool TryNewline()
    {
        var isNewline = IsNewline();
        _at += isNewline ? Current == '\n' ? 1 : 2 : 0;
        return isNewline;
    }

    void Count(int offset)
    {
        if (++_values > _limits.Values)
        {
            throw _source.Fault("PM2102", $"it has more than {_limits.Values} values", offset);
        }
    }

    readonly void CheckDepth(int depth, int offset)
    {
        if (depth > _limits.Depth)
        {
            throw _source.Fault("PM2102", $"it nests deeper than {_limits.Depth} levels", offset);
        }
    }

    readonly PackageFormatException Fault(string message, int offset, string? hint = null) => _source.Fault("PM2101", message, offset, hint);

    /// <summary>What is at the present place is not what should be there.</summary>
    readonly PackageFormatException Unexpected(string expected)
    {
        if (_at == _bytes.Length)
        {
            return Fault($"expected {expected}, but the document ends", _at);
        }

        return Current == '\n' || IsNewline() ? Fault($"expected {expected}, but the line ends", _at)
            : Current is < ' ' or 0x7f ? ControlCharacter()
            : Fault($"expected {expected}, got {Shown.Quote(FirstCharacter())}", _at, LookAlike.Hint(_bytes[_at..]));
    }

    readonly PackageFormatException ControlCharacter() => Current == '\r'
        ? Fault("a carriage return without a line feed behind it cannot stand in TOML", _at)
        : Fault($"the control character 0x{Current:x2} cannot stand here; in a text in double quotes it is written \\u{Current:x4}", _at);

    readonly ReadOnlySpan<byte> FirstCharacter()
    {
        System.Text.Rune.DecodeFromUtf8(_bytes[_at..], out _, out var length);
        return _bytes.Slice(_at, length);
    }

    /// <summary>All control characters but the tab, and <paramref name="others"/>.</summary>
    static byte[] Controls(ReadOnlySpan<byte> others)
    {
        var controls = new List<byte> { 0x7f };
        for (byte b = 0; b < 0x20; b++)
        {
            if (b != '\t')
            {
                controls.Add(b);
            }
        }

        return [.. controls, .. others];
    }
}
