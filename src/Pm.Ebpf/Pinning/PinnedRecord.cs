using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Ebpf.Pinning;

/// <summary>What is written down of an object that runs on its own, beside its bytes.</summary>
public sealed record PinnedRecord
{
    const int Format = 1;

    /// <summary>Where the object was when it was started.</summary>
    public required string Path { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>The programs at their hooks; the pin of each is called after its place here, and its further ones, of other processors, <c>PLACE-NUMBER</c>.</summary>
    public required ImmutableArray<string> Programs { get; init; }

    /// <summary>The maps that can be read, and the sections with variables that count what was lost; the pin of each is called after its place here.</summary>
    public required ImmutableArray<string> Maps { get; init; }

    /// <summary>Types of events, by maps, as they were said when it was started.</summary>
    public required ImmutableSortedDictionary<string, string> EventTypes { get; init; }

    internal ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format"u8, Format);
            json.WriteString("path"u8, Path);
            json.WriteString("started"u8, Started);
            WriteTexts(json, "programs", Programs);
            WriteTexts(json, "maps", Maps);
            json.WriteStartObject("events"u8);
            foreach (var (map, type) in EventTypes)
            {
                json.WriteString(map, type);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <returns>Null: it is none, or one of a later pm.</returns>
    internal static PinnedRecord? TryRead(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.GetProperty("format"u8).GetInt32() != Format ? null : new PinnedRecord
            {
                Path = root.GetProperty("path"u8).GetString()!,
                Started = root.GetProperty("started"u8).GetDateTimeOffset(),
                Programs = Texts(root.GetProperty("programs"u8)),
                Maps = Texts(root.GetProperty("maps"u8)),
                EventTypes = root.GetProperty("events"u8).EnumerateObject().ToImmutableSortedDictionary(e => e.Name, e => e.Value.GetString()!, StringComparer.Ordinal),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    static ImmutableArray<string> Texts(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];
}
