using System.Text.Json;
using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <summary>Reads JSON into the values that TOML has, each with its place: one manifest, whatever it is written in.</summary>
ref struct JsonManifest
{
    internal const int DeepestNesting = 64;

    readonly TomlSource _source;
    Utf8JsonReader _json;

    JsonManifest(TomlSource source)
    {
        _source = source;
        _json = new Utf8JsonReader(source.Bytes.Span[source.Start..], new JsonReaderOptions { MaxDepth = DeepestNesting });
    }

    /// <exception cref="PackageFormatException">PM2101, PM2102: not UTF-8 or too long; PM2111: not an object of JSON.</exception>
    public static TomlDocument Read(ReadOnlyMemory<byte> utf8, string file)
    {
        var reader = new JsonManifest(TomlSource.Of(utf8, file, new TomlLimits { Size = Manifest.MaximumSize }));
        return new TomlDocument(reader._source, reader.Document(), []);
    }

    TomlTable Document()
    {
        Next();
        if (_json.TokenType is not JsonTokenType.StartObject)
        {
            throw Fault("expected an object, in braces");
        }

        var table = Table();
        return Next() ? throw Fault("expected nothing behind the object") : table;
    }

    TomlTable Table()
    {
        var table = new TomlTable(TomlDefinition.Inline, Span);
        while (Next() && _json.TokenType is not JsonTokenType.EndObject)
        {
            var (key, span) = (Text(), Span);
            if (table.Find(key) is not null)
            {
                throw Fault($"{Shown.Quote(key)} stands there twice");
            }

            Next();
            // RFC 8259 has a word for nothing, TOML leaves out what is not there.
            if (_json.TokenType is not JsonTokenType.Null)
            {
                table.Add(key, span, Value());
            }
        }

        return table;
    }

    TomlValue Value()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                return TomlValue.OfTable(Table());
            case JsonTokenType.StartArray:
                var (array, span) = (new TomlArray(isOfTables: false), Span);
                while (Next() && _json.TokenType is not JsonTokenType.EndArray)
                {
                    array.Add(Value());
                }

                return TomlValue.OfArray(span, array);
            case JsonTokenType.String:
                return TomlValue.OfText(Span, Text());
            case JsonTokenType.True or JsonTokenType.False:
                return TomlValue.OfBoolean(Span, _json.TokenType is JsonTokenType.True);
            case JsonTokenType.Number:
                return _json.TryGetInt64(out var number) ? TomlValue.OfInteger(Span, number) : TomlValue.OfFloat(Span, _json.GetDouble());
            default:
                throw Fault("null stands for nothing; an array has no place for it");
        }
    }

    /// <summary>The token, quotes included; of an object or array, its first brace.</summary>
    readonly TomlSpan Span => new(
        _source.Start + (int)_json.TokenStartIndex,
        _json.ValueSpan.Length + (_json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0));

    string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair, written as an escape.
            throw new PackageFormatException("PM2111", "the text is not Unicode", $"{_source.File}:{_source.PositionOf(Span.Start)}", inner: e);
        }
    }

    bool Next()
    {
        try
        {
            return _json.Read();
        }
        catch (JsonException e)
        {
            var at = PlaceOf(e);
            throw _source.Fault("PM2111", "it is not JSON", at, LookAlike.Hint(_source.Bytes.Span[at..]));
        }
    }

    readonly int PlaceOf(JsonException fault)
    {
        var bytes = _source.Bytes.Span;
        var at = _source.Start;
        for (var line = fault.LineNumber ?? 0; line > 0; line--)
        {
            at += bytes[at..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(at + (fault.BytePositionInLine ?? 0), bytes.Length);
    }

    readonly PackageFormatException Fault(string message) => _source.Fault("PM2111", message, Span.Start);
}
