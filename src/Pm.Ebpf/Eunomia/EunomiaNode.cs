using System.Text.Json;

namespace Pm.Ebpf.Eunomia;

/// <summary>A value of a <c>package.json</c> that knows its place, for messages: <c>meta.bpf_skel.maps[1].name</c>.</summary>
/// <param name="element">The value.</param>
/// <param name="path">Its place.</param>
/// <param name="where">The file.</param>
readonly struct EunomiaNode(JsonElement element, string path, string where)
{
    /// <summary>JSON's <c>null</c> says as little as nothing at all.</summary>
    public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsObject => element.ValueKind is JsonValueKind.Object;

    public bool IsText => element.ValueKind is JsonValueKind.String;

    public JsonElement Element => element;

    /// <summary>A member that has to be there.</summary>
    public EunomiaNode Need(string name) => Find(name) is { IsNull: false } node ? node : throw Wrong($"member `{name}` is missing");

    /// <summary>A member; nothing where it is missing.</summary>
    public EunomiaNode Find(string name)
    {
        if (!IsObject)
        {
            throw Wrong($"expected an object, got {Shown()}");
        }

        return new EunomiaNode(element.TryGetProperty(name, out var found) ? found : default, path.Length == 0 ? name : $"{path}.{name}", where);
    }

    public string Text() => IsText ? element.GetString()! : throw Wrong($"expected a text, got {Shown()}");

    public string? TextOrNull() => IsNull ? null : Text();

    public bool Flag(bool otherwise) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ when IsNull => otherwise,
        _ => throw Wrong($"expected true or false, got {Shown()}"),
    };

    public int Number() => element.ValueKind is JsonValueKind.Number && element.TryGetInt32(out var number) && number >= 0
        ? number
        : throw Wrong($"expected a number from 0 to {int.MaxValue}, got {Shown()}");

    public int Number(int otherwise) => IsNull ? otherwise : Number();

    /// <summary>The members of a list, which may be missing.</summary>
    public IEnumerable<EunomiaNode> List()
    {
        if (IsNull)
        {
            yield break;
        }

        if (element.ValueKind is not JsonValueKind.Array)
        {
            throw Wrong($"expected a list, got {Shown()}");
        }

        if (element.GetArrayLength() > EunomiaLimits.Entries)
        {
            throw Wrong($"at most {EunomiaLimits.Entries} entries, got {element.GetArrayLength()}");
        }

        var at = 0;
        foreach (var item in element.EnumerateArray())
        {
            yield return new EunomiaNode(item, $"{path}[{at++}]", where);
        }
    }

    public EbpfFormatException Wrong(string message) => new("PM8062", path.Length == 0 ? message : $"{path}: {message}", where);

    /// <summary>As it stands there, where it is short.</summary>
    string Shown()
    {
        const int longest = 60;
        var text = element.ValueKind is JsonValueKind.Undefined ? "nothing" : element.GetRawText();
        return text.Length <= longest ? $"`{text}`" : $"`{text[..longest]}…`";
    }
}
