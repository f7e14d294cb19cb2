using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>timestamp.json: the snapshot that is current. Source: TUF 4.6.</summary>
public sealed class TimestampMetadata : RoleMetadata
{
    public TimestampMetadata()
    {
    }

    [SetsRequiredMembers]
    TimestampMetadata(JsonFields body) : base(body) =>
        Snapshot = MetaFile.Parse(body.Child("meta").Child("snapshot.json"));

    public override string Type => "timestamp";

    public required MetaFile Snapshot { get; init; }

    public static TimestampMetadata Parse(JsonFields body) => new(body);

    private protected override void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta");
        writer.WritePropertyName("snapshot.json");
        Snapshot.WriteTo(writer);
        writer.WriteEndObject();
    }
}
