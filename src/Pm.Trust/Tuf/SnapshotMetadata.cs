using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>snapshot.json: the versions of all targets metadata that belong together. Source: TUF 4.4.</summary>
public sealed class SnapshotMetadata : RoleMetadata
{
    public SnapshotMetadata()
    {
    }

    [SetsRequiredMembers]
    SnapshotMetadata(JsonFields body) : base(body)
    {
        var meta = body.Child("meta");
        Meta = meta.Members.ToDictionary(
            member => member.Name,
            member => MetaFile.Parse(new JsonFields(member.Value, $"{meta.Where}.{ShownText.Of(member.Name)}")),
            StringComparer.Ordinal);
    }

    public override string Type => "snapshot";

    /// <summary>File name, e.g. <c>targets.json</c> → what it must be.</summary>
    public required IReadOnlyDictionary<string, MetaFile> Meta { get; init; }

    public static SnapshotMetadata Parse(JsonFields body) => new(body);

    private protected override void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta");
        foreach (var (name, file) in Meta.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            file.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
