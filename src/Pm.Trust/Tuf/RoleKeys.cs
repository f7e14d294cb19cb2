using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>Whose signatures a role needs: any <see cref="Threshold"/> distinct keys of <see cref="KeyIds"/>.</summary>
public sealed class RoleKeys
{
    public RoleKeys(IEnumerable<string> keyIds, int threshold)
    {
        KeyIds = keyIds.ToImmutableSortedSet(StringComparer.Ordinal);
        Threshold = threshold;
    }

    public ImmutableSortedSet<string> KeyIds { get; }

    public int Threshold { get; }

    /// <summary>Names the set: another threshold or another key, which its id is made of, gives another.</summary>
    public Sha256Digest Digest => Sha256Digest.Of(Encoding.UTF8.GetBytes($"{Threshold}\n{string.Join('\n', KeyIds)}"));

    /// <exception cref="MetadataException">A field is missing or wrong.</exception>
    public static RoleKeys Parse(JsonFields fields)
    {
        var threshold = fields.Number("threshold", 1);
        if (threshold > int.MaxValue)
        {
            throw new MetadataException($"{fields.Where}.threshold: {threshold} keys cannot exist");
        }

        var ids = fields.Texts("keyids").ToList();
        var keys = new RoleKeys(ids, (int)threshold);
        return keys.KeyIds.Count == ids.Count
            ? keys
            : throw new MetadataException($"{fields.Where}.keyids: a key stands there twice");
    }

    public void WriteFields(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("keyids");
        foreach (var id in KeyIds)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
        writer.WriteNumber("threshold", Threshold);
    }

    public bool IsSame(RoleKeys other) => Threshold == other.Threshold && KeyIds.SetEquals(other.KeyIds);
}
