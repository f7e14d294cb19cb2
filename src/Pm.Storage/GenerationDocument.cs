using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pm.Blobs;
using Pm.Packages;
using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>Reads and writes <c>generations/N.json</c>: one generation, same value, same bytes. See docs/formats/root.md.</summary>
public static class GenerationDocument
{
    /// <summary>A root of 100,000 packages takes some 30 MB; more is not a generation of ours.</summary>
    public const int MaximumSize = 64 * 1024 * 1024;

    const int Format = 1;

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static byte[] ToBytes(Generation generation)
    {
        ArgumentNullException.ThrowIfNull(generation);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, StorageJson.WriterOptions))
        {
            Write(writer, generation);
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="bytes">The file's content.</param>
    /// <param name="where">The file's path, for the message.</param>
    /// <exception cref="StoreException">Damaged, or of a newer pm.</exception>
    public static Generation Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        using var document = StorageJson.Open(bytes, MaximumSize, where);
        return StorageJson.Read(where, () => Read(document.RootElement, where));
    }

    static void Write(Utf8JsonWriter writer, Generation generation)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        writer.WriteNumber("generation", generation.Number);
        writer.WriteString("made", generation.Made.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        writer.WriteString("command", generation.Command);
        if (generation.RestoredFrom is { } restored)
        {
            writer.WriteNumber("restored", restored);
        }
        writer.WriteStartArray("packages");
        foreach (var package in generation.Packages.OrderBy(p => p.Id.Name.Text, StringComparer.Ordinal))
        {
            Write(writer, package);
        }
        writer.WriteEndArray();
        writer.WriteStartArray("found");
        foreach (var directory in generation.FoundDirectories.Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(directory);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, InstalledPackage package)
    {
        writer.WriteStartObject();
        writer.WriteString("name", package.Id.Name.Text);
        writer.WriteString("version", package.Id.Version.Text);
        writer.WriteString("hash", package.Hash.ToString());
        if (package.Signer is { } signer)
        {
            writer.WriteString("signer", signer.ToString());
        }
        if (package.Remote is not null)
        {
            writer.WriteString("remote", package.Remote);
        }
        writer.WriteBoolean("asked", package.IsAsked);
        if (package.IsPinned)
        {
            writer.WriteBoolean("pinned", true);
        }
        writer.WriteEndObject();
    }

    static Generation Read(JsonElement json, string where)
    {
        StorageJson.RequireFormat(json, Format, where);
        return new Generation
        {
            Number = json.GetProperty("generation").GetInt32(),
            Made = json.GetProperty("made").GetDateTimeOffset(),
            Command = StorageJson.Text(json.GetProperty("command")),
            RestoredFrom = json.TryGetProperty("restored", out var restored) ? restored.GetInt32() : null,
            Packages = [.. json.GetProperty("packages").EnumerateArray().Select(ReadPackage)],
            FoundDirectories = [.. json.GetProperty("found").EnumerateArray().Select(d => StorageJson.Text(d))],
        };
    }

    static InstalledPackage ReadPackage(JsonElement json) => new()
    {
        Id = new PackageId(
            PackageName.Parse(StorageJson.Text(json.GetProperty("name"))),
            PackageVersion.Parse(StorageJson.Text(json.GetProperty("version")))),
        Hash = MerkleRoot.Parse(StorageJson.Text(json.GetProperty("hash"))),
        Signer = json.TryGetProperty("signer", out var signer) ? Fingerprint.Parse(StorageJson.Text(signer)) : null,
        Remote = json.TryGetProperty("remote", out var remote) ? remote.GetString() : null,
        IsAsked = json.GetProperty("asked").GetBoolean(),
        IsPinned = json.TryGetProperty("pinned", out var pinned) && pinned.GetBoolean(),
    };
}
