using System.Globalization;
using System.Text.Json;

namespace Pm.Cli.Rpc;

/// <summary>The parameters of a request. What nobody asked for when it is over is an error: it would have been meant for something.</summary>
sealed class RpcParameters(JsonElement given)
{
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Whether it is given, whatever it is.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>A text; null where it is not given.</summary>
    public string? Text(string name) => Find(name) is { } value ? RpcRequestReader.TextOf(value) ?? throw Wrong(name, "a string") : null;

    public string RequiredText(string name) => Text(name) ?? throw Wrong(name, "a string");

    public bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A number from 0 on; null where it is not given.</summary>
    public int? Number(string name) => Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : throw Wrong(name, "a number from 0 on");

    /// <summary>The JSON of an id.</summary>
    public string RawId(string name) => Find(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.GetRawText() : throw Wrong(name, "the id of a request");

    /// <summary>A text, or several.</summary>
    public IReadOnlyList<string> Words(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray().Select(v => RpcRequestReader.TextOf(v) ?? throw Wrong(name, "strings"))],
        { } value => [RpcRequestReader.TextOf(value) ?? throw Wrong(name, "a string, or an array of them")],
    };

    public IReadOnlyList<string> RequiredWords(string name) => Words(name) is { Count: > 0 } words ? words : throw Wrong(name, "a string, or an array of them");

    /// <summary>An object whose members are texts or numbers, as <c>NAME=VALUE</c>.</summary>
    public IEnumerable<string> Pairs(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Object } value => [.. value.EnumerateObject().Select(m => $"{Plain(m.Name, name)}={Value(m.Value, name)}")],
        _ => throw Wrong(name, "an object"),
    };

    /// <summary>Nothing else may be given.</summary>
    public void RefuseOthers()
    {
        if (given.ValueKind is JsonValueKind.Object)
        {
            foreach (var member in given.EnumerateObject())
            {
                if (!_asked.Contains(member.Name))
                {
                    throw new RpcException(RpcException.InvalidParameters, $"there is no parameter `{Output.Hostile.OneLine(member.Name)}`: it takes {(_asked.Count == 0 ? "none" : string.Join(", ", _asked.Order(StringComparer.Ordinal)))}");
                }
            }
        }
    }

    /// <summary>The kernel ends the words of a command line with a NUL: none holds one.</summary>
    static string Plain(string member, string name) => member.Contains('\0') ? throw Wrong(name, "names that are text") : member;

    static string Value(JsonElement value, string name) => RpcRequestReader.TextOf(value)
        ?? (value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : throw Wrong(name, "an object of strings and numbers"));

    static RpcException Wrong(string name, string expected) => new(RpcException.InvalidParameters, $"parameter `{name}`: expected {expected}");

    JsonElement? Find(string name)
    {
        _asked.Add(name);
        return given.ValueKind is JsonValueKind.Object && given.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }
}
