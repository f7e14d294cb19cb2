using System.Text.Json;
using Pm.Packages;
using Pm.Packages.Toml;

namespace Pm.Cli.Projects;

/// <summary>The manifest with which an eBPF project begins.</summary>
static class EbpfManifest
{
    public const string TomlName = "pm.toml";

    /// <summary>Where it is one of JSON, as ebpm's users know it.</summary>
    public const string JsonName = "config.json";

    /// <summary>Its name and content.</summary>
    /// <param name="name">Of the package.</param>
    /// <param name="version">Its first.</param>
    /// <param name="isJson">Whether it is config.json.</param>
    /// <param name="modules">The name and the source of each.</param>
    public static KeyValuePair<string, byte[]> Of(PackageName name, PackageVersion version, bool isJson, IEnumerable<(string Name, string Source)> modules) =>
        isJson ? KeyValuePair.Create(JsonName, Json(name, version, modules)) : KeyValuePair.Create(TomlName, Toml(name, version, modules));

    static byte[] Toml(PackageName name, PackageVersion version, IEnumerable<(string Name, string Source)> modules)
    {
        var writer = ManifestHead.Of(name, version);
        foreach (var module in modules)
        {
            writer.ArrayTable("module");
            writer.Set("name", TomlExpression.Of(module.Name));
            writer.Set("source", TomlExpression.Of(module.Source));
        }

        return writer.ToBytes();
    }

    static byte[] Json(PackageName name, PackageVersion version, IEnumerable<(string Name, string Source)> modules)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartObject("package"u8);
            json.WriteString("name"u8, name.Text);
            json.WriteString("version"u8, version.Text);
            json.WriteString("description"u8, "");
            json.WriteString("license"u8, "MIT");
            json.WriteEndObject();
            json.WriteStartArray("module"u8);
            foreach (var module in modules)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, module.Name);
                json.WriteString("source"u8, module.Source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. bytes.ToArray(), (byte)'\n'];
    }
}
