using System.Collections.Immutable;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>
/// keys/ROLE.json: secret keys in the form of go-tuf's local store, tab-indented, with a newline at its end; and files with the
/// public half of one: the key object as root.json has it.
/// </summary>
public static class KeyFile
{
    const int MaximumLength = 1 << 20;

    /// <exception cref="MetadataException">Not such a file, or it is encrypted.</exception>
    public static ImmutableArray<SecretKey> Parse(ReadOnlySpan<byte> json, string name)
    {
        var file = new JsonFields(StrictJson.Parse(json, MaximumLength, name), name);
        if (file.FindBoolean("encrypted") ?? false)
        {
            throw new MetadataException($"{name}: the keys are encrypted, which pm cannot read");
        }

        return [.. file.Array("data").Select(element => ParseKey(new JsonFields(element, $"{name}: data")))];
    }

    /// <summary>A file with secret keys, or with one public one.</summary>
    /// <returns>The public halves, and of those that have it the secret one.</returns>
    /// <exception cref="MetadataException">Neither of them.</exception>
    public static ImmutableArray<(TufKey Key, SecretKey? Secret)> ParseAny(ReadOnlySpan<byte> json, string name)
    {
        var element = StrictJson.Parse(json, MaximumLength, name);
        var fields = new JsonFields(element, name);
        if (fields.Find("data") is not null)
        {
            return [.. Parse(json, name).Select(secret => (secret.Public, (SecretKey?)secret))];
        }

        var key = TufKey.Parse(element, fields);
        return key.IsUsable ? [(key, null)]
            : throw new MetadataException($"{name}: expected an Ed25519, ECDSA or RSA key in the form that root.json has");
    }

    /// <summary>The public half, to be given to who names the key in a role.</summary>
    public static byte[] ToPublicBytes(TufKey key)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            key.Source.WriteTo(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    public static byte[] ToBytes(IEnumerable<SecretKey> keys)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n" };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("encrypted", false);
            writer.WriteStartArray("data");
            foreach (var key in keys)
            {
                WriteKey(writer, key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    static SecretKey ParseKey(JsonFields fields)
    {
        var type = fields.Text("keytype");
        var keyval = fields.Child("keyval");
        var secret = keyval.Text("private");
        // Go's form of an Ed25519 private key is the seed followed by the public key.
        var size = 2 * (Ed25519.SeedSize + Ed25519.PublicKeySize);
        if (type != "ed25519" || secret.Length != size || !secret.All(char.IsAsciiHexDigit))
        {
            throw new MetadataException($"{fields.Where}: expected an ed25519 key with {size} hexadecimal digits");
        }

        var key = new SecretKey(Convert.FromHexString(secret).AsSpan(0, Ed25519.SeedSize));
        return string.Equals(key.Public.PublicHex, keyval.Text("public"), StringComparison.OrdinalIgnoreCase)
            ? key
            : throw new MetadataException($"{fields.Where}: the public key does not belong to the private key");
    }

    static void WriteKey(Utf8JsonWriter writer, SecretKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("keytype", "ed25519");
        writer.WriteString("scheme", "ed25519");
        writer.WriteStartArray("keyid_hash_algorithms");
        writer.WriteStringValue("sha256");
        writer.WriteStringValue("sha512");
        writer.WriteEndArray();
        writer.WriteStartObject("keyval");
        writer.WriteString("public", key.Public.PublicHex);
        writer.WriteString("private", Convert.ToHexStringLower(key.Seed) + key.Public.PublicHex);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
