using System.Text;

namespace Pm.Packages.Toml;

/// <content>Keys.</content>
ref partial struct TomlParser
{
    /// <summary>Bytes of bare keys. Source: ABNF unquoted-key.</summary>
    static bool IsBare(byte b) => b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_' or (byte)'-';

    /// <summary>Reads a key, dotted or not, and the blanks behind it.</summary>
    void Key()
    {
        _partCount = 0;
        while (true)
        {
            var part = KeyPart();
            if (_partCount == _parts.Length)
            {
                System.Array.Resize(ref _parts, _partCount * 2);
            }

            _parts[_partCount++] = part;
            CheckDepth(_partCount, part.Span.Start);
            SkipBlanks();
            if (Current != '.')
            {
                return;
            }

            _at++;
            SkipBlanks();
        }
    }

    TomlKeyPart KeyPart()
    {
        var start = _at;
        if (Current is '"' or '\'')
        {
            var name = (Current == '"' ? BasicText() : LiteralText()).Text;
            return new TomlKeyPart(name, new TomlSpan(start, _at - start));
        }

        uint hash = 0;
        while (_at < _bytes.Length && IsBare(_bytes[_at]))
        {
            hash = (hash * 31) + _bytes[_at++];
        }

        if (_at > start)
        {
            return new TomlKeyPart(Name(_bytes[start.._at], hash), new TomlSpan(start, _at - start));
        }

        throw Current > 0x7f
            ? Fault($"expected a key, got {Shown.Quote(FirstCharacter())}; keys with other than a-z A-Z 0-9 _ - stand in quotes", _at, LookAlike.Hint(_bytes[_at..]))
            : Unexpected("a key");
    }

    readonly string Name(ReadOnlySpan<byte> ascii, uint hash)
    {
        ref var known = ref _names[hash % KnownNames];
        return known is not null && Ascii.Equals(ascii, known) ? known : known = Encoding.ASCII.GetString(ascii);
    }
}
