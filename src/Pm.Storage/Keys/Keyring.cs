using System.Collections.Immutable;
using Pm.Linux;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>
/// The public keys of a root and what its owner said of each, as they were at one instant. Reading takes no lock. What is
/// to change is planned here and carried out by <see cref="KeyringWriter"/>. See docs/formats/keyring.md.
/// </summary>
public sealed partial class Keyring
{
    /// <summary>Where it is, relative to the state of its root.</summary>
    public const string DirectoryName = "keyring";

    /// <summary>In bytes; a key with thousands of other people's signatures has less.</summary>
    internal const int MaximumKeySize = 4 * 1024 * 1024;

    const string RecordSuffix = ".json";
    const string KeySuffix = ".gpg";

    readonly ImmutableSortedDictionary<Fingerprint, (KeyRecord Record, ReadOnlyMemory<byte> Key)> _entries;

    Keyring(ImmutableSortedDictionary<Fingerprint, (KeyRecord Record, ReadOnlyMemory<byte> Key)> entries)
    {
        _entries = entries;
        Keys = entries.ToImmutableSortedDictionary(e => e.Key, e => e.Value.Record.ToKnownKey());
    }

    /// <summary>A ring without keys: that of a root that does not exist yet.</summary>
    public static Keyring Empty { get; } =
        new(ImmutableSortedDictionary<Fingerprint, (KeyRecord Record, ReadOnlyMemory<byte> Key)>.Empty);

    /// <summary>What <see cref="SignerPolicy"/> decides by, in the order of fingerprints.</summary>
    public IReadOnlyDictionary<Fingerprint, KnownKey> Keys { get; }

    /// <summary>All records, in the order of fingerprints.</summary>
    public IEnumerable<KeyRecord> Records => _entries.Values.Select(e => e.Record);

    /// <summary>Reads the ring of a root; an empty one where nothing was ever imported.</summary>
    /// <exception cref="StoreException">PM4002: a record is damaged.</exception>
    public static Keyring Open(Root root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return OpenBeneath(root.State);
    }

    /// <summary>Reads the ring in the directory <see cref="DirectoryName"/> of another one; an empty one where there is none.</summary>
    /// <exception cref="StoreException">PM4002: a record is damaged.</exception>
    public static Keyring OpenBeneath(DirectoryHandle parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        using var directory = parent.TryOpenBeneath(DirectoryName);
        if (directory is null)
        {
            return Empty;
        }
        var entries = ImmutableSortedDictionary.CreateBuilder<Fingerprint, (KeyRecord Record, ReadOnlyMemory<byte> Key)>();
        foreach (var name in directory.Entries().Select(e => e.Name))
        {
            if (FingerprintOf(name) is { } fingerprint && Read(directory, fingerprint) is { } entry)
            {
                entries[fingerprint] = entry;
            }
        }
        return new Keyring(entries.ToImmutable());
    }

    /// <summary>Reads the ring of the root at a path; an empty one where pm never wrote.</summary>
    /// <exception cref="StoreException">PM4002: a record is damaged.</exception>
    public static Keyring OpenAt(string rootPath)
    {
        using var root = Root.TryOpen(rootPath);
        return root is null ? Empty : Open(root);
    }

    /// <summary>The one key that a fingerprint, the end of one (at least 8 digits), an e-mail address or a part of a user id names.</summary>
    /// <exception cref="StoreException">PM4033: no key or several; those are listed.</exception>
    public KeyRecord Require(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = KeySearch.Find(Records, text, r => r.Fingerprint, r => r.UserIds);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new StoreException("PM4033", $"the ring holds no key `{ShownText.Of(text)}`", "pm key list"),
            _ => throw KeySearch.Ambiguous(
                "PM4033", $"`{ShownText.Of(text)}` names", found.Select(r => (r.Fingerprint, r.UserId)), "name it by its fingerprint"),
        };
    }

    /// <summary>A key in the form that people send each other.</summary>
    /// <exception cref="StoreException">PM4033: the ring does not hold it.</exception>
    public string Export(Fingerprint fingerprint) => _entries.TryGetValue(fingerprint, out var entry)
        ? Armor.PublicKey(entry.Key.Span)
        : throw new StoreException("PM4033", $"the ring holds no key {fingerprint}", "pm key list");

    /// <summary>Whether what was planned on the one holds on the other.</summary>
    public bool HasSameKeysAs(Keyring other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _entries.Count == other._entries.Count
            && _entries.Values.Zip(other._entries.Values).All(pair =>
                pair.First.Key.Span.SequenceEqual(pair.Second.Key.Span)
                && pair.First.Record.ToBytes().AsSpan().SequenceEqual(pair.Second.Record.ToBytes()));
    }

    internal static string RecordName(Fingerprint fingerprint) => fingerprint + RecordSuffix;

    internal static string KeyName(Fingerprint fingerprint) => fingerprint + KeySuffix;

    /// <summary>
    /// All keys, one after the other, as one file. gpgv takes 40 files at most; and the keys that nobody trusts must be
    /// among them, or their signatures would look like those of strangers.
    /// </summary>
    internal byte[] Concatenate()
    {
        var all = new byte[_entries.Values.Sum(e => e.Key.Length)];
        var length = 0;
        foreach (var (_, key) in _entries.Values)
        {
            key.CopyTo(all.AsMemory(length));
            length += key.Length;
        }
        return all;
    }

    /// <summary>Null while another pm removes the key.</summary>
    static (KeyRecord Record, ReadOnlyMemory<byte> Key)? Read(DirectoryHandle directory, Fingerprint fingerprint)
    {
        var name = RecordName(fingerprint);
        return directory.TryReadFile(name, KeyRecord.MaximumSize) is { } record
            && directory.TryReadFile(KeyName(fingerprint), MaximumKeySize) is { } key
                ? (KeyRecord.Parse(record, fingerprint, Path.Join(directory.Path, name)), key)
                : null;
    }

    static Fingerprint? FingerprintOf(string name) =>
        name.EndsWith(RecordSuffix, StringComparison.Ordinal)
        && Fingerprint.TryParse(name[..^RecordSuffix.Length], out var fingerprint)
        && RecordName(fingerprint) == name
            ? fingerprint
            : null;
}
