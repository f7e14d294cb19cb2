using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>targets.json or the metadata of a delegated role: the files the role vouches for. Source: TUF 4.5.</summary>
public sealed class TargetsMetadata : RoleMetadata
{
    public TargetsMetadata()
    {
    }

    [SetsRequiredMembers]
    TargetsMetadata(JsonFields body) : base(body)
    {
        var targets = body.Child("targets");
        Targets = targets.Members.ToDictionary(
            member => member.Name,
            member => TargetFile.Parse(new JsonFields(member.Value, $"{targets.Where}.{ShownText.Of(member.Name)}")),
            StringComparer.Ordinal);
        Delegations = body.FindChild("delegations") is { } delegations ? Delegations.Parse(delegations) : null;
    }

    public override string Type => "targets";

    /// <summary>Target path → what the file must be. Paths are data: they may hold anything.</summary>
    public required IReadOnlyDictionary<string, TargetFile> Targets { get; init; }

    public Delegations? Delegations { get; init; }

    public static TargetsMetadata Parse(JsonFields body) => new(body);

    private protected override void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("targets");
        foreach (var (path, target) in Targets.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(path);
            target.WriteTo(writer);
        }

        writer.WriteEndObject();
        Delegations?.WriteTo(writer);
    }
}
