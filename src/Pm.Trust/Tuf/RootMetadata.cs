using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>root.json: which keys speak for which role. Source: TUF 4.3.</summary>
public sealed class RootMetadata : RoleMetadata
{
    public RootMetadata()
    {
    }

    [SetsRequiredMembers]
    RootMetadata(JsonFields body) : base(body)
    {
        IsConsistentSnapshot = body.FindBoolean("consistent_snapshot") ?? false;
        Keys = ParseKeys(body.Child("keys"));
        var roles = body.Child("roles");
        Roles = roles.Members.ToDictionary(
            member => member.Name,
            member => RoleKeys.Parse(new JsonFields(member.Value, $"{roles.Where}.{ShownText.Of(member.Name)}")),
            StringComparer.Ordinal);
        foreach (var role in TopLevelRoles)
        {
            if (!Roles.ContainsKey(role))
            {
                throw new MetadataException($"{roles.Where}: role `{role}` is missing");
            }
        }
    }

    public static IReadOnlyList<string> TopLevelRoles { get; } = ["root", "snapshot", "targets", "timestamp"];

    public override string Type => "root";

    /// <summary>Whether files are named by version or hash, so that a client never reads two states mixed. TUF 6.2.</summary>
    public bool IsConsistentSnapshot { get; init; } = true;

    public required IReadOnlyDictionary<string, TufKey> Keys { get; init; }

    public required IReadOnlyDictionary<string, RoleKeys> Roles { get; init; }

    public static RootMetadata Parse(JsonFields body) => new(body);

    internal static Dictionary<string, TufKey> ParseKeys(JsonFields keys) => keys.Members.ToDictionary(
        member => member.Name,
        member => TufKey.Parse(member.Name, member.Value, new JsonFields(member.Value, $"{keys.Where}.{ShownText.Of(member.Name)}")),
        StringComparer.Ordinal);

    private protected override void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("consistent_snapshot", IsConsistentSnapshot);
        writer.WriteStartObject("keys");
        foreach (var (id, key) in Keys.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(id);
            key.Source.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("roles");
        foreach (var (name, role) in Roles.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            role.WriteFields(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
