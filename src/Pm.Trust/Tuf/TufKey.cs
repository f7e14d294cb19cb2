using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>A public key as metadata lists it. Keys of unknown type stay in the document and verify nothing.</summary>
public sealed class TufKey
{
    const string Ed25519Type = "ed25519";

    readonly byte[]? _publicKey;

    TufKey(string id, JsonElement source, byte[]? publicKey)
    {
        Id = id;
        Source = source;
        _publicKey = publicKey;
    }

    /// <summary>SHA-256 of the canonical form of the key object, in hexadecimal.</summary>
    public string Id { get; }

    /// <summary>The object as it was read: written back unchanged, because the id is computed over it.</summary>
    public JsonElement Source { get; }

    /// <summary>Whether it can verify: the type is known, the key well-formed and the id its own.</summary>
    public bool IsUsable => _publicKey is not null;

    /// <summary>Two keys with one value are one key, however many ids they have; null where unusable.</summary>
    public string? PublicHex => _publicKey is null ? null : Convert.ToHexStringLower(_publicKey);

    /// <summary>An Ed25519 key in the form go-tuf writes, with the id go-tuf computes for it.</summary>
    public static TufKey FromEd25519(ReadOnlySpan<byte> publicKey)
    {
        var source = KeyObject(Ed25519Type, Ed25519Type, Convert.ToHexStringLower(publicKey), withHashAlgorithms: true);
        return new TufKey(IdOf(source), source, publicKey.ToArray());
    }

    /// <param name="id">The member name under which <paramref name="fields"/> stands.</param>
    /// <param name="element">The key object.</param>
    /// <param name="fields">The same, to read from.</param>
    /// <exception cref="MetadataException">A required field is missing or of the wrong kind.</exception>
    public static TufKey Parse(string id, JsonElement element, JsonFields fields)
    {
        var type = fields.Text("keytype");
        var scheme = fields.Text("scheme");
        var value = fields.Child("keyval").Find("public");
        if (type != Ed25519Type || scheme != Ed25519Type || value is not { ValueKind: JsonValueKind.String } text)
        {
            return new TufKey(id, element, null);
        }

        // TUF 4.3: clients must calculate each key id. A key under a wrong id counts for nothing; the rest of the
        // document may still reach its threshold.
        var publicKey = Bytes(text.GetString()!);
        var isOwnId = publicKey is not null && IsIdOf(id, element, text.GetString()!);
        return new TufKey(id, element, isOwnId ? publicKey : null);
    }

    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _publicKey is not null && Ed25519.Verify(_publicKey, message, signature);

    static byte[]? Bytes(string hex) =>
        hex.Length == 2 * Ed25519.PublicKeySize && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : null;

    /// <summary>
    /// The id covers the object as it stands (go-tuf's has keyid_hash_algorithms), or only the three fields of the
    /// specification (tools that add fields of their own compute it so), or these and go-tuf's default.
    /// </summary>
    static bool IsIdOf(string id, JsonElement element, string publicText) =>
        id == IdOf(element)
        || id == IdOf(KeyObject(Ed25519Type, Ed25519Type, publicText, withHashAlgorithms: false))
        || id == IdOf(KeyObject(Ed25519Type, Ed25519Type, publicText, withHashAlgorithms: true));

    static string IdOf(JsonElement element) => FileHashes.Digest(DigestAlgorithm.Sha256, CanonicalJson.Encode(element));

    static JsonElement KeyObject(string type, string scheme, string publicText, bool withHashAlgorithms)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (withHashAlgorithms)
            {
                writer.WriteStartArray("keyid_hash_algorithms");
                writer.WriteStringValue("sha256");
                writer.WriteStringValue("sha512");
                writer.WriteEndArray();
            }

            writer.WriteString("keytype", type);
            writer.WriteStartObject("keyval");
            writer.WriteString("public", publicText);
            writer.WriteEndObject();
            writer.WriteString("scheme", scheme);
            writer.WriteEndObject();
        }

        return StrictJson.Parse(buffer.WrittenSpan, MetadataLimits.Root, "key");
    }
}
