using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pm.Packages.Toml;

/// <content>Texts. What holds neither escapes nor CR LF is not copied.</content>
ref partial struct TomlParser
{
    static readonly SearchValues<byte> BasicStops = SearchValues.Create(Controls("\"\\"u8));
    static readonly SearchValues<byte> LiteralStops = SearchValues.Create(Controls("'"u8));

    TomlValue BasicText()
    {
        var start = _at++;
        var from = _at;
        ArrayBufferWriter<byte>? decoded = null;
        while (true)
        {
            Stop(BasicStops, start);
            switch (_bytes[_at])
            {
                case (byte)'"':
                    return End(start, from, quotes: 1, decoded);
                case (byte)'\\':
                    decoded = Keep(decoded, from);
                    Escape(decoded);
                    from = _at;
                    break;
                default:
                    throw NotInText();
            }
        }
    }

    TomlValue LiteralText()
    {
        var start = _at++;
        Stop(LiteralStops, start);
        return _bytes[_at] == '\'' ? End(start, start + 1, quotes: 1, null) : throw NotInText();
    }

    TomlValue BasicLines() => Lines(BasicStops, (byte)'"');

    TomlValue LiteralLines() => Lines(LiteralStops, (byte)'\'');

    /// <summary>A text between three quotes on each side; a line's end right behind the first ones is no part of it.</summary>
    TomlValue Lines(SearchValues<byte> stops, byte quote)
    {
        var start = _at;
        _at += 3;
        TryNewline();
        var from = _at;
        ArrayBufferWriter<byte>? decoded = null;
        while (true)
        {
            Stop(stops, start);
            var b = _bytes[_at];
            if (b == quote)
            {
                var count = QuotesAhead(quote);
                // One or two quotes may stand right before the closing three (ABNF mlb-quotes, mll-quotes).
                _at += count < 3 ? count : Math.Min(count - 3, 2);
                if (count >= 3)
                {
                    return End(start, from, quotes: 3, decoded);
                }
            }
            else if (b == '\n')
            {
                _at++;
            }
            else if (b == '\r' && Ahead(1) == '\n')
            {
                // The same text, whatever a checkout did to the line's ends.
                decoded = Keep(decoded, from);
                from = ++_at;
                _at++;
            }
            else if (b == '\\')
            {
                decoded = Keep(decoded, from);
                if (!TryLineEndingBackslash())
                {
                    Escape(decoded);
                }

                from = _at;
            }
            else
            {
                throw NotInText();
            }
        }
    }

    readonly int QuotesAhead(byte quote)
    {
        var count = 1;
        while (Ahead(count) == quote)
        {
            count++;
        }

        return count;
    }

    /// <summary>Goes to the first byte that the text cannot hold as it is.</summary>
    void Stop(SearchValues<byte> stops, int start)
    {
        var length = _bytes[_at..].IndexOfAny(stops);
        if (length < 0)
        {
            throw Fault("this text has no closing quote", start);
        }

        _at += length;
    }

    /// <summary>The text from <paramref name="from"/> to here, behind what was decoded before; goes behind its quotes.</summary>
    TomlValue End(int start, int from, int quotes, ArrayBufferWriter<byte>? decoded)
    {
        var content = new TomlSpan(from, _at - from);
        if (decoded is not null)
        {
            Keep(decoded, from);
        }

        _at += quotes;
        var span = new TomlSpan(start, _at - start);
        return decoded is null
            ? TomlValue.OfText(span, _source, content)
            : TomlValue.OfText(span, Encoding.UTF8.GetString(decoded.WrittenSpan));
    }

    /// <summary>Copies the bytes from <paramref name="from"/> to here; <paramref name="decoded"/> is null at the first of a text.</summary>
    ArrayBufferWriter<byte> Keep(ArrayBufferWriter<byte>? decoded, int from)
    {
        if (decoded is null)
        {
            decoded = _decoded ??= new ArrayBufferWriter<byte>();
            decoded.ResetWrittenCount();
        }

        decoded.Write(_bytes[from.._at]);
        return decoded;
    }

    /// <summary>Skips a backslash at a line's end with all white space behind it.</summary>
    bool TryLineEndingBackslash()
    {
        var start = _at;
        _at++;
        SkipBlanks();
        if (!TryNewline())
        {
            _at = start;
            return false;
        }

        do
        {
            SkipBlanks();
        }
        while (TryNewline());
        return true;
    }

    /// <summary>Decodes the escape sequence that begins here. Source: ABNF escape-seq-char.</summary>
    void Escape(ArrayBufferWriter<byte> decoded)
    {
        var start = _at;
        var c = Ahead(1);
        _at += 2;
        var plain = c switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (plain != '\0')
        {
            decoded.Write([(byte)plain]);
        }
        else if (c is 'u' or 'U')
        {
            CodePoint(decoded, start, c == 'u' ? 4 : 8);
        }
        else
        {
            _at = start;
            throw c is 'e' or 'x'
                ? Fault($"the escape \\{(char)c} is of TOML 1.1; TOML 1.0 has \\u and four hexadecimal digits", start)
                : Fault("a backslash begins an escape: \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX; a backslash itself is \\\\", start);
        }
    }

    void CodePoint(ArrayBufferWriter<byte> decoded, int start, int digits)
    {
        var hex = _bytes.Slice(_at, Math.Min(digits, _bytes.Length - _at));
        if (hex.Length < digits || hex.IndexOfAnyExcept(TomlWord.HexDigits) >= 0)
        {
            throw Fault($"\\{(digits == 4 ? 'u' : 'U')} needs {digits} hexadecimal digits", start);
        }

        var number = uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (!Rune.TryCreate(number, out var rune))
        {
            throw Fault($"U+{number:X4} is no character: surrogates and what is above U+10FFFF cannot be written", start);
        }

        Span<byte> utf8 = stackalloc byte[4];
        decoded.Write(utf8[..rune.EncodeToUtf8(utf8)]);
        _at += digits;
    }

    readonly PackageFormatException NotInText() =>
        IsNewline() ? Fault("the line ends before the closing quote; a text of several lines stands between three quotes", _at) : ControlCharacter();
}
