using System.Buffers;
using System.Text.Json;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>A public key as metadata lists it. Keys of unknown type stay in the document and verify nothing.</summary>
public sealed class TufKey
{
    readonly KeyScheme? _scheme;
    readonly byte[]? _publicKey;

    TufKey(string id, JsonElement source, KeyScheme? scheme = null, byte[]? publicKey = null)
    {
        Id = id;
        Source = source;
        _scheme = publicKey is null ? null : scheme;
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

    /// <summary>The same for an Ed25519 key: its 32 bytes; null for others.</summary>
    public string? Ed25519Hex => _scheme == KeyScheme.Ed25519 ? PublicHex : null;

    /// <summary>An Ed25519 key in the form go-tuf writes, with the id go-tuf computes for it.</summary>
    public static TufKey FromEd25519(ReadOnlySpan<byte> publicKey)
    {
        var source = KeyObject(KeyScheme.Ed25519.Type, KeyScheme.Ed25519.Name, Convert.ToHexStringLower(publicKey), withHashAlgorithms: true);
        return new TufKey(IdOf(source), source, KeyScheme.Ed25519, publicKey.ToArray());
    }

    /// <summary>A key as the specification has it, with its id.</summary>
    /// <param name="type">E.g. <c>ecdsa</c>.</param>
    /// <param name="scheme">E.g. <c>ecdsa-sha2-nistp256</c>.</param>
    /// <param name="publicText">PEM or hexadecimal, as the type has it.</param>
    public static TufKey Of(string type, string scheme, string publicText)
    {
        var source = KeyObject(type, scheme, publicText, withHashAlgorithms: false);
        return Parse(IdOf(source), source, new JsonFields(source, "key"));
    }

    /// <param name="id">The member name under which <paramref name="fields"/> stands.</param>
    /// <param name="element">The key object.</param>
    /// <param name="fields">The same, to read from.</param>
    /// <exception cref="MetadataException">A required field is missing or of the wrong kind.</exception>
    public static TufKey Parse(string id, JsonElement element, JsonFields fields)
    {
        var (type, name) = (fields.Text("keytype"), fields.Text("scheme"));
        var value = fields.Child("keyval").Find("public");
        if (KeyScheme.Find(type, name) is not { } scheme || value is not { ValueKind: JsonValueKind.String } text)
        {
            return new TufKey(id, element);
        }

        // TUF 4.3: clients must calculate each key id. A key under a wrong id counts for nothing; the rest of the
        // document may still reach its threshold.
        var publicText = text.GetString()!;
        return IsIdOf(id, element, type, name, publicText) ? new TufKey(id, element, scheme, scheme.Read(publicText)) : new TufKey(id, element);
    }

    /// <summary>A key object that stands alone: its id is computed.</summary>
    /// <exception cref="MetadataException">A required field is missing or of the wrong kind.</exception>
    internal static TufKey Parse(JsonElement element, JsonFields fields) => Parse(IdOf(element), element, fields);

    public bool Verifies(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _publicKey is not null && !signature.IsEmpty && _scheme!.Verifies(_publicKey, message, signature);

    /// <summary>
    /// The id covers the object as it stands (go-tuf's has keyid_hash_algorithms), or only the three fields of the
    /// specification (tools that add fields of their own compute it so), or these and go-tuf's default.
    /// </summary>
    static bool IsIdOf(string id, JsonElement element, string type, string scheme, string publicText) =>
        id == IdOf(element)
        || id == IdOf(KeyObject(type, scheme, publicText, withHashAlgorithms: false))
        || id == IdOf(KeyObject(type, scheme, publicText, withHashAlgorithms: true));

    static string IdOf(JsonElement element) => FileHashes.Digest(DigestAlgorithm.Sha256, CanonicalJson.Encode(element));

    static JsonElement KeyObject(string type, string scheme, string publicText, bool withHashAlgorithms)
    {
        var buffer = new ArrayBufferWriter<byte>();
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

        // Escapes make it longer than what it was read from.
        return StrictJson.Parse(buffer.WrittenSpan, MetadataLimits.Any, "key");
    }
}
