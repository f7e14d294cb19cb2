using System.Collections.Immutable;
using System.Text.Json;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Oci;

/// <summary>What a registry has under a name: a manifest with its parts, or an index of manifests for several machines.</summary>
sealed record OciManifest
{
    /// <summary>Null: nobody says it.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Null in an index.</summary>
    public OciDescriptor? Configuration { get; init; }

    public ImmutableArray<OciDescriptor> Layers { get; init; } = [];

    /// <summary>Of an index; empty in a manifest.</summary>
    public ImmutableArray<OciDescriptor> Manifests { get; init; } = [];

    public bool IsIndex => Configuration is null;

    /// <param name="bytes">As the registry gave them.</param>
    /// <param name="where">What messages call it.</param>
    /// <exception cref="RemoteException">PM6063: it is none.</exception>
    public static OciManifest Read(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            var fields = new JsonFields(StrictJson.Parse(bytes, OciLimits.Manifest, "manifest"), "manifest");
            if (fields.Number("schemaVersion", 1) != 2)
            {
                throw new MetadataException("manifest.schemaVersion: expected 2");
            }

            return fields.Find("manifests") is not null
                ? new OciManifest { Manifests = ReadAll(fields, "manifests") }
                : new OciManifest
                {
                    ArtifactType = fields.FindText("artifactType"),
                    Configuration = OciDescriptor.Read(fields.Child("config")),
                    Layers = ReadAll(fields, "layers"),
                };
        }
        catch (MetadataException e)
        {
            throw new RemoteException("PM6063", $"{where}: not what a registry keeps: {e.Message}", inner: e);
        }
    }

    /// <summary>The labels of an image's configuration.</summary>
    /// <exception cref="RemoteException">PM6063: it is none.</exception>
    public static IReadOnlyDictionary<string, string> ReadLabels(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            var fields = new JsonFields(StrictJson.Parse(bytes, OciLimits.Configuration, "configuration"), "configuration");
            return fields.FindChild("config")?.FindChild("Labels")?.Members
                .Where(m => m.Value.ValueKind is JsonValueKind.String)
                .ToDictionary(m => m.Name, m => m.Value.GetString()!, StringComparer.Ordinal) ?? [];
        }
        catch (MetadataException e)
        {
            throw new RemoteException("PM6063", $"{where}: not what a registry keeps: {e.Message}", inner: e);
        }
    }

    static ImmutableArray<OciDescriptor> ReadAll(JsonFields fields, string name)
    {
        var all = fields.Array(name).Take(OciLimits.Entries + 1).Select(element => OciDescriptor.Read(new JsonFields(element, $"manifest.{name}"))).ToImmutableArray();
        return all.Length <= OciLimits.Entries ? all : throw new MetadataException($"manifest.{name}: expected at most {OciLimits.Entries}");
    }
}
