using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>One delegation: the role, whose signatures it needs, and for which target paths it may speak.</summary>
/// <param name="Name">Data, not a file name: it may hold anything.</param>
/// <param name="Keys">Whose signatures it needs.</param>
/// <param name="Paths">Shell patterns; null where <paramref name="PathHashPrefixes"/> are given.</param>
/// <param name="PathHashPrefixes">Beginnings of the SHA-256 of a target path.</param>
/// <param name="IsTerminating">Whether roles after it are not asked for a path that is its own.</param>
public sealed record DelegatedRole(
    string Name, RoleKeys Keys, ImmutableArray<string>? Paths, ImmutableArray<string>? PathHashPrefixes, bool IsTerminating)
{
    /// <summary>The name as that of a file, without version and ending.</summary>
    public string FileStem => DataFileName.Of(Name);

    /// <summary>For messages.</summary>
    internal string ShownFile => $"{ShownText.Of(Name)}.json";

    /// <exception cref="MetadataException">A field is missing or wrong.</exception>
    public static DelegatedRole Parse(JsonFields fields)
    {
        var paths = fields.Find("paths") is null ? (ImmutableArray<string>?)null : [.. fields.Texts("paths")];
        var prefixes = fields.Find("path_hash_prefixes") is null
            ? (ImmutableArray<string>?)null : [.. fields.Texts("path_hash_prefixes")];
        if ((paths is null) == (prefixes is null))
        {
            throw new MetadataException($"{fields.Where}: expected either paths or path_hash_prefixes");
        }

        var name = fields.Text("name");
        if (name.Length > MetadataLimits.RoleName)
        {
            throw new MetadataException($"{fields.Where}.name: expected at most {MetadataLimits.RoleName} characters, got {name.Length}");
        }

        return new DelegatedRole(name, RoleKeys.Parse(fields), paths, prefixes,
            fields.FindBoolean("terminating") ?? false);
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        Keys.WriteFields(writer);
        WriteTexts(writer, "paths", Paths);
        WriteTexts(writer, "path_hash_prefixes", PathHashPrefixes);
        writer.WriteBoolean("terminating", IsTerminating);
        writer.WriteEndObject();
    }

    static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string>? texts)
    {
        if (texts is not { } present)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var text in present)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
