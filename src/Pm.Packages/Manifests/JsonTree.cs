using System.Text.Json;

namespace Pm.Packages.Manifests;

/// <summary>Where the parts of a document of JSON stand.</summary>
/// <param name="Kind">The token that it begins with.</param>
/// <param name="Start">In bytes from the begin.</param>
/// <param name="End">Behind it.</param>
/// <param name="Parts">The members of an object, the items of an array.</param>
sealed record JsonTree(JsonTokenType Kind, int Start, int End, IReadOnlyList<JsonTree.Part> Parts)
{
    /// <param name="Key">Of a member; null for an item.</param>
    /// <param name="Start">Where it begins, a member with its key.</param>
    /// <param name="Value">What it is.</param>
    public sealed record Part(string? Key, int Start, JsonTree Value);

    public bool IsObject => Kind is JsonTokenType.StartObject;

    /// <param name="utf8">What was read as a manifest before, so that it nests no deeper than that may.</param>
    /// <param name="start">Behind what marks the text as UTF-8.</param>
    public static JsonTree Of(ReadOnlySpan<byte> utf8, int start)
    {
        var reader = new Utf8JsonReader(utf8[start..], new JsonReaderOptions { MaxDepth = JsonManifest.DeepestNesting });
        reader.Read();
        return Value(ref reader, start);
    }

    static JsonTree Value(ref Utf8JsonReader reader, int start)
    {
        var (kind, begin) = (reader.TokenType, start + (int)reader.TokenStartIndex);
        var parts = new List<Part>();
        if (kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                var (key, at) = (kind is JsonTokenType.StartObject ? reader.GetString() : null, start + (int)reader.TokenStartIndex);
                if (key is not null)
                {
                    reader.Read();
                }

                parts.Add(new Part(key, at, Value(ref reader, start)));
            }
        }

        return new JsonTree(kind, begin, start + (int)reader.BytesConsumed, parts);
    }
}
