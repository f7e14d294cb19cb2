using System.Text.Json;

namespace Pm.Packages.Index;

/// <summary>Reads typed values from JSON; every fault is a <see cref="PackageFormatException"/> that names the member.</summary>
ref struct JsonText
{
    /// <summary>Bytes that anything may be said to have, a pebibyte: so the sizes of a thousand things can be added.</summary>
    public const long MaximumBytes = 1L << 50;

    /// <summary>Names what is being read; stands before each member in messages.</summary>
    public string Scope { get; set; } = "";

    readonly string _code;
    readonly string _where;
    Utf8JsonReader _reader;

    public JsonText(ReadOnlySpan<byte> json, string code, string where)
    {
        (_code, _where) = (code, where);
        _reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, new JsonReaderOptions { MaxDepth = 16 });
    }

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Goes to the next token; false at the end of the document.</summary>
    public bool Next()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException e)
        {
            var position = $"{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}";
            throw new PackageFormatException(_code, "it is not JSON", $"{_where}:{position}", inner: e);
        }
    }

    /// <summary>Goes to the next token, which must be <paramref name="token"/>.</summary>
    public void Expect(JsonTokenType token, string member)
    {
        if (!Next() || Token != token)
        {
            throw Fault(member, $"expected {Word(token)}, got {Word(Token)}");
        }
    }

    /// <summary>Goes to the next member of an object; null at the object's end.</summary>
    public string? NextName(string member)
    {
        Next();
        return Token == JsonTokenType.PropertyName ? Text(member) : null;
    }

    /// <summary>Goes to the value of a member and passes over it.</summary>
    public void Skip()
    {
        Next();
        var depth = _reader.CurrentDepth;
        if (Token is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (Next() && _reader.CurrentDepth > depth)
            {
            }
        }
    }

    /// <summary>Goes to a string; null where it says null.</summary>
    public string? NextText(string member)
    {
        Next();
        return Token switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => Text(member),
            _ => throw Fault(member, $"expected text, got {Word(Token)}"),
        };
    }

    /// <summary>A number of bytes; null where it says null.</summary>
    public long? NextSize(string member)
    {
        Next();
        return Token == JsonTokenType.Null ? null
            : Token == JsonTokenType.Number && _reader.TryGetInt64(out var number) && number is >= 0 and <= MaximumBytes ? number
            : throw Fault(member, $"expected a whole number from 0 to {MaximumBytes}");
    }

    public bool NextBoolean(string member)
    {
        Next();
        return Token switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            _ => throw Fault(member, $"expected true or false, got {Word(Token)}"),
        };
    }

    /// <summary>The texts of an array; none where it says null.</summary>
    public List<string> NextTexts(string member)
    {
        Next();
        var texts = new List<string>();
        if (Token == JsonTokenType.Null)
        {
            return texts;
        }

        if (Token != JsonTokenType.StartArray)
        {
            throw Fault(member, $"expected a list, got {Word(Token)}");
        }

        while (Next() && Token != JsonTokenType.EndArray)
        {
            texts.Add(Token == JsonTokenType.String ? Text(member) : throw Fault(member, $"expected text, got {Word(Token)}"));
        }

        return texts;
    }

    /// <summary>Refuses anything behind the document.</summary>
    public void End()
    {
        if (Next())
        {
            throw Fault("", "something stands behind its end");
        }
    }

    public readonly PackageFormatException Fault(string member, string message, Exception? inner = null) =>
        new(
            _code,
            Scope.Length + member.Length == 0 ? message : $"{Shown.Quote(Member(member))}: {message}",
            _where,
            inner: inner);

    /// <summary>The current string or name; JSON may hold text that is not Unicode, which nobody could show.</summary>
    public readonly string Text(string member)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Fault(member, "the text is not valid Unicode", e);
        }
    }

    readonly string Member(string member) => Scope.Length == 0 ? member : member.Length == 0 ? Scope : $"{Scope}.{member}";

    static string Word(JsonTokenType token) => token switch
    {
        JsonTokenType.None => "the end",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        JsonTokenType.Null => "null",
        JsonTokenType.PropertyName => "a member",
        _ => "the end of an object or list",
    };
}
