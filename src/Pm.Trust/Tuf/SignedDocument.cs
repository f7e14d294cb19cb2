using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>A metadata file before it is believed: what is signed, and the signatures. Source: TUF 4.2.</summary>
public sealed class SignedDocument
{
    const int MaximumSignatureLength = 8192;

    readonly Lazy<byte[]> _canonical;
    readonly ImmutableArray<(string KeyId, byte[] Signature)> _signatures;

    SignedDocument(string name, ReadOnlyMemory<byte> bytes, JsonElement signed, ImmutableArray<(string, byte[])> signatures)
    {
        Name = name;
        Bytes = bytes;
        Body = new JsonFields(signed, $"{name}: signed");
        _canonical = new Lazy<byte[]>(() => CanonicalJson.Encode(signed));
        _signatures = signatures;
    }

    /// <summary>For messages, e.g. <c>timestamp.json</c>.</summary>
    public string Name { get; }

    /// <summary>Exactly what was received: kept so, never written anew.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public JsonFields Body { get; }

    /// <summary>What signatures are over: the canonical form of what is signed.</summary>
    internal ReadOnlySpan<byte> Message => _canonical.Value;

    /// <summary>As they stand there: nobody has looked whether they are good.</summary>
    internal ImmutableArray<(string KeyId, byte[] Signature)> Signatures => _signatures;

    /// <exception cref="MetadataException">Not a signed document.</exception>
    public static SignedDocument Parse(ReadOnlyMemory<byte> bytes, string name, int maximumLength)
    {
        var document = new JsonFields(StrictJson.Parse(bytes.Span, maximumLength, name), name);
        var signatures = ImmutableArray.CreateBuilder<(string, byte[])>();
        var keyIds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in document.Array("signatures"))
        {
            var fields = new JsonFields(element, $"{name}: signatures");
            var keyId = fields.Text("keyid");
            if (!keyIds.Add(keyId))
            {
                // TUF 4.2: the key id must be unique in the array, so that no key is counted twice.
                throw new MetadataException($"{name}: key `{ShownText.Of(keyId)}` signs twice");
            }

            signatures.Add((keyId, SignatureBytes(fields.Text("sig"))));
        }

        return new SignedDocument(name, bytes, document.Required("signed"), signatures.ToImmutable());
    }

    /// <summary>How many distinct keys of <paramref name="role"/> signed this.</summary>
    public int CountSigners(IReadOnlyDictionary<string, TufKey> keys, RoleKeys role)
    {
        var signers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (keyId, signature) in _signatures)
        {
            // Signatures by unknown keys or in unknown schemes are tolerated: they just do not count.
            if (role.KeyIds.Contains(keyId) && keys.TryGetValue(keyId, out var key) && key.Verifies(_canonical.Value, signature))
            {
                signers.Add(key.PublicHex!);
            }
        }

        return signers.Count;
    }

    /// <summary>Not hexadecimal: a scheme that is not known here, so a signature that does not count.</summary>
    static byte[] SignatureBytes(string text) =>
        text.Length is > 0 and <= MaximumSignatureLength && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : [];
}
