using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Storage;

/// <summary>What <c>root.json</c> says of a root. See docs/formats/root.md.</summary>
public sealed record RootSettings
{
    internal const int MaximumSize = 1024 * 1024;

    const int Format = 1;

    public required RootKind Kind { get; init; }

    /// <summary>The absolute path of the store its files come from.</summary>
    public required string StorePath { get; init; }

    /// <summary>"system" or "user": who it is for. pm shows it and decides nothing by it.</summary>
    public required string Scope { get; init; }

    /// <summary>Generations that garbage collection leaves, however old they get; sorted.</summary>
    public ImmutableArray<int> PinnedGenerations { get; init; } = [];

    internal byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StorageJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("kind", Kind is RootKind.Prefix ? "prefix" : "application");
            writer.WriteString("store", StorePath);
            writer.WriteString("scope", Scope);
            writer.WriteStartArray("pinned");
            foreach (var number in PinnedGenerations.Order())
            {
                writer.WriteNumberValue(number);
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    internal static RootSettings Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        using var document = StorageJson.Open(bytes, MaximumSize, where);
        return StorageJson.Read(where, () =>
        {
            var json = document.RootElement;
            StorageJson.RequireFormat(json, Format, where);
            return new RootSettings
            {
                Kind = json.GetProperty("kind").GetString() switch
                {
                    "prefix" => RootKind.Prefix,
                    "application" => RootKind.Application,
                    var other => throw new FormatException($"kind: expected prefix or application, got {other}"),
                },
                StorePath = StorageJson.Text(json.GetProperty("store")),
                Scope = StorageJson.Text(json.GetProperty("scope")),
                PinnedGenerations = [.. json.GetProperty("pinned").EnumerateArray().Select(p => p.GetInt32())],
            };
        });
    }
}
