using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>The members of a JSON object, read with messages that say where in the document something is wrong.</summary>
public readonly struct JsonFields
{
    readonly JsonElement _object;

    /// <exception cref="MetadataException"><paramref name="element"/> is not an object.</exception>
    public JsonFields(JsonElement element, string where)
    {
        Where = where;
        _object = element.ValueKind == JsonValueKind.Object ? element : throw Wrong(where, "an object", element);
    }

    /// <summary>Path of the object, e.g. <c>targets.json: signed.targets</c>.</summary>
    public string Where { get; }

    public IEnumerable<(string Name, JsonElement Value)> Members =>
        _object.EnumerateObject().Select(member => (member.Name, member.Value));

    /// <summary>The member, or null where it is absent or <c>null</c>.</summary>
    public JsonElement? Find(string name) =>
        _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Required(string name) =>
        Find(name) ?? throw new MetadataException($"{Where}: member `{name}` is missing");

    public JsonFields Child(string name) => new(Required(name), $"{Where}.{name}");

    public JsonFields? FindChild(string name) =>
        Find(name) is { } value ? new JsonFields(value, $"{Where}.{name}") : null;

    public string Text(string name) => FindText(name) ?? throw new MetadataException($"{Where}: member `{name}` is missing");

    public string? FindText(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong($"{Where}.{name}", "a string", value);

    /// <summary>A whole number that is at least <paramref name="minimum"/>.</summary>
    public long Number(string name, long minimum) =>
        FindNumber(name, minimum) ?? throw new MetadataException($"{Where}: member `{name}` is missing");

    public long? FindNumber(string name, long minimum)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum
            ? number
            : throw Wrong($"{Where}.{name}", $"a whole number from {minimum} on", value);
    }

    public bool? FindBoolean(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong($"{Where}.{name}", "true or false", value);

    public IEnumerable<JsonElement> Array(string name) => Required(name) is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray()
        : throw Wrong($"{Where}.{name}", "an array", Required(name));

    public IEnumerable<string> Texts(string name)
    {
        var where = $"{Where}.{name}";
        return Array(name).Select(item => item.ValueKind == JsonValueKind.String
            ? item.GetString()! : throw Wrong(where, "strings", item));
    }

    static MetadataException Wrong(string where, string expected, JsonElement actual) =>
        new($"{where}: expected {expected}, got {Describe(actual)}");

    static string Describe(JsonElement actual) => actual.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => $"`{ShownText.Of(actual.ToString())}`",
    };
}
