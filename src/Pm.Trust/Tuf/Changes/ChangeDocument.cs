using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Pm.Trust.Tuf.Changes;

/// <summary>One metadata file of a change: what is to be signed, and the signatures that are there so far.</summary>
public sealed class ChangeDocument
{
    readonly byte[] _signed;
    readonly byte[] _message;
    readonly ImmutableSortedDictionary<string, byte[]> _signatures;

    ChangeDocument(RoleMetadata content, byte[] signed, byte[] message, ImmutableSortedDictionary<string, byte[]> signatures)
    {
        Content = content;
        _signed = signed;
        _message = message;
        _signatures = signatures;
    }

    /// <summary>What it says.</summary>
    public RoleMetadata Content { get; }

    /// <summary>For messages, e.g. <c>root.json</c>.</summary>
    public string Name => $"{Content.Type}.json";

    /// <summary>Whose signatures are there.</summary>
    public IEnumerable<string> KeyIds => _signatures.Keys;

    /// <summary>A document that nobody has signed yet.</summary>
    public static ChangeDocument Of(RoleMetadata content)
    {
        var signed = RoleSigner.Signed(content);
        return new ChangeDocument(content, signed, Canonical(signed, $"{content.Type}.json"), Empty);
    }

    /// <summary>The whole metadata file, as it is published.</summary>
    public byte[] ToBytes() => RoleSigner.Envelope(_signed, _signatures.Select(pair => (pair.Key, pair.Value)));

    /// <summary>Whether what is signed is the same; the signatures may be others.</summary>
    public bool IsSameContent(ChangeDocument other) => _message.AsSpan().SequenceEqual(other._message);

    /// <summary>Whether a published metadata file says the same; the signatures may be others.</summary>
    /// <exception cref="MetadataException">It is no metadata file.</exception>
    public bool IsContentOf(ReadOnlyMemory<byte> file) =>
        SignedDocument.Parse(file, Name, MetadataLimits.Any).Message.SequenceEqual(_message);

    /// <summary>With a signature by <paramref name="key"/>.</summary>
    /// <param name="key">Who signs.</param>
    /// <param name="published">What is listed under its id: others count the signature by that.</param>
    /// <exception cref="ChangeException">PM3027: it would not count.</exception>
    public ChangeDocument With(ISigner key, TufKey published)
    {
        var signature = key.Sign(_message);
        return published.Id == key.Public.Id && published.Verifies(_message, signature)
            ? new(Content, _signed, _message, _signatures.SetItem(published.Id, signature))
            : throw new ChangeException("PM3027", $"{Name}: what is listed as key {ShownText.Of(published.Id)} does not verify what this key signs: it would not count");
    }

    /// <summary>With the signatures of another copy of it, too.</summary>
    public ChangeDocument With(ChangeDocument other) =>
        new(Content, _signed, _message, _signatures.SetItems(other._signatures.Where(pair => !_signatures.ContainsKey(pair.Key))));

    /// <summary>How many distinct keys of <paramref name="role"/> signed it, by the rule that clients have.</summary>
    public int CountSigners(IReadOnlyDictionary<string, TufKey> keys, RoleKeys role) =>
        SignedDocument.Parse(ToBytes(), Name, MetadataLimits.Any).CountSigners(keys, role);

    /// <summary>Refuses signatures that are not good, or are by nobody's key: where keepers sign by hand, each has a reason.</summary>
    /// <param name="keys">Those who may sign it.</param>
    /// <exception cref="MetadataException">One does not fit the content: either was altered.</exception>
    /// <exception cref="ChangeException">PM3027: one is by a key that nobody asked.</exception>
    internal void RequireGoodSignatures(IReadOnlyDictionary<string, TufKey> keys)
    {
        foreach (var (id, signature) in _signatures)
        {
            if (!keys.TryGetValue(id, out var key))
            {
                throw new ChangeException("PM3027", $"{Name}: signed by key {ShownText.Of(id)}, which has no say in it");
            }

            if (!key.Verifies(_message, signature))
            {
                throw new ChangeException("PM3026", $"{Name}: the signature of key {ShownText.Of(id)} does not fit: the content was changed after it was signed");
            }
        }
    }

    /// <param name="file">A metadata file as JSON.</param>
    /// <param name="where">For messages.</param>
    /// <param name="read">Reads what is signed.</param>
    /// <exception cref="TrustException">It is none, or says something that pm could not show to who signs it.</exception>
    internal static ChangeDocument Parse(JsonElement file, string where, Func<JsonFields, RoleMetadata> read)
    {
        var fields = new JsonFields(file, where);
        var document = SignedDocument.Parse(Encoding.UTF8.GetBytes(file.GetRawText()), where, MetadataLimits.Any);
        var content = read(document.Body);
        var signed = Encoding.UTF8.GetBytes(fields.Required("signed").GetRawText());
        var message = Canonical(signed, where);
        if (!message.AsSpan().SequenceEqual(Canonical(RoleSigner.Signed(content), where)))
        {
            // A member that pm does not know would be signed unseen.
            throw new MetadataException($"{where}: it holds more than pm can show to who signs it");
        }

        return new ChangeDocument(content, signed, message, document.Signatures.ToImmutableSortedDictionary(
            pair => pair.KeyId, pair => pair.Signature, StringComparer.Ordinal));
    }

    static ImmutableSortedDictionary<string, byte[]> Empty => ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    static byte[] Canonical(byte[] signed, string where) => CanonicalJson.Encode(StrictJson.Parse(signed, MetadataLimits.Any, where));
}
