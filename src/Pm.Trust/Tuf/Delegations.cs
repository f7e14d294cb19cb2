using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>To whom a targets role hands parts of its namespace, in the order in which they are asked. Source: TUF 4.5.</summary>
public sealed record Delegations(IReadOnlyDictionary<string, TufKey> Keys, ImmutableArray<DelegatedRole> Roles)
{
    /// <exception cref="MetadataException">A field is missing or wrong, or one role stands twice.</exception>
    public static Delegations Parse(JsonFields fields)
    {
        var keys = RootMetadata.ParseKeys(fields.Child("keys"));
        var roles = fields.Array("roles")
            .Select(role => DelegatedRole.Parse(new JsonFields(role, $"{fields.Where}.roles")))
            .ToImmutableArray();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in roles)
        {
            if (RootMetadata.TopLevelRoles.Contains(role.Name) || !names.Add(role.Name))
            {
                throw new MetadataException(
                    $"{fields.Where}.roles: `{ShownText.Of(role.Name)}` stands twice or is the name of a top-level role");
            }
        }

        return new Delegations(keys, roles);
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("delegations");
        writer.WriteStartObject("keys");
        foreach (var (id, key) in Keys.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(id);
            key.Source.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("roles");
        foreach (var role in Roles)
        {
            role.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
