using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>A target: a file that the repository vouches for. Source: TUF 4.5.</summary>
/// <param name="Length">In bytes; a download is cut off there.</param>
/// <param name="Hashes">At least one known digest.</param>
/// <param name="Custom">An object that means something to the application only.</param>
public sealed record TargetFile(long Length, FileHashes Hashes, JsonElement? Custom = null)
{
    public static TargetFile Parse(JsonFields fields) => new(
        fields.Number("length", 0),
        FileHashes.Parse(fields.Child("hashes")),
        fields.FindChild("custom") is null ? null : fields.Find("custom"));

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("length", Length);
        writer.WritePropertyName("hashes");
        Hashes.WriteTo(writer);
        if (Custom is { } custom)
        {
            writer.WritePropertyName("custom");
            custom.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>The name of the file below the targets directory when snapshots are consistent: one of its hashes stands before
    /// the last part of the path. Source: TUF 5.7.3, 6.2.1.</summary>
    public string ConsistentPath(string targetPath)
    {
        var slash = targetPath.LastIndexOf('/') + 1;
        return $"{targetPath[..slash]}{Hashes.Sha256 ?? Hashes.Sha512}.{targetPath[slash..]}";
    }
}
