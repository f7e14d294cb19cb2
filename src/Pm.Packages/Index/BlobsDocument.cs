using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pm.Blobs;

namespace Pm.Packages.Index;

/// <summary><c>blobs.json</c>: Fuchsia's list of the blobs of a package, with their compressed sizes.</summary>
/// <remarks>Source: docs/formats/available-json.md.</remarks>
public sealed record BlobsDocument(ImmutableArray<BlobRecord> Blobs)
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaximumSize = 256 * 1024 * 1024;

    /// <summary>The path of the <c>meta.far</c>, which stands first.</summary>
    public const string MetaPath = "meta/";

    public bool Equals(BlobsDocument? other) => other is not null && Blobs.SequenceEqual(other.Blobs);

    public override int GetHashCode() => Blobs.Length;

    /// <exception cref="PackageFormatException">PM2016: not such a document.</exception>
    public static BlobsDocument Parse(ReadOnlySpan<byte> json, string where = "blobs.json")
    {
        if (json.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2016", $"it has {json.Length} bytes, at most {MaximumSize} are read", where);
        }

        var reader = new JsonText(json, "PM2016", where);
        var blobs = ImmutableArray.CreateBuilder<BlobRecord>();
        reader.Expect(JsonTokenType.StartArray, "");
        while (reader.Next() && reader.Token == JsonTokenType.StartObject)
        {
            blobs.Add(Blob(ref reader, $"[{blobs.Count}]"));
        }

        if (reader.Token != JsonTokenType.EndArray)
        {
            throw reader.Fault("", "expected a list of objects");
        }

        reader.End();
        return new BlobsDocument(blobs.DrainToImmutable());
    }

    /// <summary>Indented by four, members in Fuchsia's order.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            IndentSize = 4,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            json.WriteStartArray();
            foreach (var blob in Blobs)
            {
                Write(json, blob);
            }

            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    static void Write(Utf8JsonWriter json, BlobRecord blob)
    {
        json.WriteStartObject();
        json.WriteString("source_path", blob.SourcePath);
        json.WriteString("path", blob.Path);
        json.WriteString("merkle", blob.Root.ToString());
        json.WriteNumber("size", blob.Size);
        if (blob.CompressedSize is { } compressed)
        {
            json.WriteNumber("compressed", compressed);
        }

        json.WriteEndObject();
    }

    static BlobRecord Blob(ref JsonText reader, string member)
    {
        string? path = null, source = null;
        MerkleRoot? root = null;
        long? size = null, compressed = null;
        while (reader.NextName(member) is { } field)
        {
            switch (field)
            {
                case "path":
                    path = reader.NextText(member);
                    break;
                case "source_path":
                    source = reader.NextText(member);
                    break;
                case "merkle":
                    root = MerkleRoot.TryParse(reader.NextText(member), null, out var merkle)
                        ? merkle
                        : throw reader.Fault($"{member}.merkle", "expected 64 hexadecimal digits");
                    break;
                case "size":
                    size = reader.NextSize($"{member}.size");
                    break;
                case "compressed":
                    compressed = reader.NextSize($"{member}.compressed");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (path is null || root is null || size is null || (path != MetaPath && !PackagePath.IsValid(path)))
        {
            throw reader.Fault(member, "expected a path in a package, `merkle` and `size`");
        }

        return new BlobRecord(path, root.Value, size.Value, compressed, source ?? "");
    }
}
