using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>To whom a targets role hands parts of its namespace, in the order in which they are asked. Source: TUF 4.5.</summary>
public sealed record Delegations(IReadOnlyDictionary<string, TufKey> Keys, ImmutableArray<DelegatedRole> Roles)
{
    readonly Lazy<DelegatedPaths> _paths = new(() => new DelegatedPaths(Roles));

    /// <summary>Bins in a few words, in place of <see cref="Roles"/>; null: there are none.</summary>
    public SuccinctRoles? Succinct { get; init; }

    /// <exception cref="MetadataException">A field is missing or wrong, or one role stands twice.</exception>
    public static Delegations Parse(JsonFields fields)
    {
        var keys = RootMetadata.ParseKeys(fields.Child("keys"));
        if (fields.FindChild("succinct_roles") is { } succinct)
        {
            // TAP 15: one or the other, or nobody knew in which order they are asked.
            return fields.Find("roles") is null
                ? new Delegations(keys, []) { Succinct = SuccinctRoles.Parse(succinct) }
                : throw new MetadataException($"{fields.Where}: expected either roles or succinct_roles");
        }

        var count = fields.Array("roles").Count();
        if (count > MetadataLimits.DelegatedRoles)
        {
            throw new MetadataException($"{fields.Where}.roles: expected at most {MetadataLimits.DelegatedRoles}, got {count}");
        }

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

    /// <summary>The roles that are asked for a path, in their order, up to the first that ends the search.</summary>
    public IEnumerable<DelegatedRole> RolesFor(string path) =>
        Succinct is { } bins ? [bins.RoleFor(path)] : _paths.Value.RolesFor(path).Select(role => Roles[role]);

    /// <summary>The same with a role for each bin that there is.</summary>
    /// <exception cref="MetadataException">There are more than are read.</exception>
    public Delegations Spelled() => Succinct is not { } bins ? this
        : bins.Count <= MetadataLimits.DelegatedRoles
            ? new Delegations(Keys, [.. Enumerable.Range(0, (int)bins.Count).Select(bin => bins.Role(bin))])
            : throw new MetadataException(
                $"succinct_roles: expected at most {MetadataLimits.DelegatedRoles} bins where all are read, got {bins.Count}");

    /// <summary>Names them: other keys, roles, paths or another order give another.</summary>
    public Sha256Digest Digest
    {
        get
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                WriteTo(writer);
                writer.WriteEndObject();
            }

            return Sha256Digest.Of(buffer.WrittenSpan);
        }
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
        if (Succinct is not null)
        {
            Succinct.WriteTo(writer);
        }
        else
        {
            writer.WriteStartArray("roles");
            foreach (var role in Roles)
            {
                role.WriteTo(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
