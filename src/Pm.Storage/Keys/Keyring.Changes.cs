using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <content>Planning changes: nothing is written here.</content>
public sealed partial class Keyring
{
    /// <summary>
    /// Takes the public keys of a file in, armoured or binary. A newer copy of a key that is there already is merged
    /// with it, so that an older copy never takes a revocation back; a revocation certificate alone is applied too.
    /// </summary>
    /// <exception cref="StoreException">PM4031: no public keys; PM4032: secret ones; PM4030, PM4034: gpg.</exception>
    public IReadOnlyList<KeyringChange> PlanImport(
        OpenPgpProgram gpg, ReadOnlyMemory<byte> file, ImportOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(gpg);
        ArgumentNullException.ThrowIfNull(options);
        return [.. gpg.Merge(this, file, options.Source, cancellation).Select(key => PlanImport(key, options))];
    }

    /// <summary>Says that what the key signs is to be believed.</summary>
    /// <exception cref="TrustException">PM3008: its owner has revoked it.</exception>
    public KeyringChange PlanTrust(Fingerprint fingerprint, DateTimeOffset now)
    {
        var record = RecordOf(fingerprint);
        return record.State is TrustState.Revoked
            ? throw new TrustException(
                "PM3008", $"the key of {ShownText.Of(record.UserId)} ({fingerprint}) was revoked by its owner", "ask its publisher for a package that another key signed")
            : Moved(record, TrustState.Trusted, now);
    }

    /// <summary>Takes trust back. The key stays known; a revoked one stays revoked.</summary>
    public KeyringChange PlanDistrust(Fingerprint fingerprint, DateTimeOffset now)
    {
        var record = RecordOf(fingerprint);
        return Moved(record, record.State is TrustState.Revoked ? TrustState.Revoked : TrustState.Known, now);
    }

    /// <summary>Forgets the key.</summary>
    public KeyringChange PlanRemove(Fingerprint fingerprint) => new(RecordOf(fingerprint), null);

    static KeyringChange Moved(KeyRecord record, TrustState state, DateTimeOffset now) =>
        new(record, record.State == state ? record : record with { State = state, Since = now });

    KeyringChange PlanImport(PublicKey key, ImportOptions options)
    {
        var isHeld = _entries.TryGetValue(key.Listing.Fingerprint, out var held);
        var before = isHeld ? held.Record : null;
        var state = key.Listing.IsRevoked || before?.State is TrustState.Revoked ? TrustState.Revoked
            : options.IsTrusted ? TrustState.Trusted
            : before?.State ?? TrustState.Known;
        var isSame = isHeld && held.Key.Span.SequenceEqual(key.Bytes.Span);
        var after = new KeyRecord
        {
            Fingerprint = key.Listing.Fingerprint,
            State = state,
            Since = before?.State == state ? before.Since : options.Now,
            UserIds = key.Listing.UserIds,
            Source = before?.Source ?? options.Source,
            Created = key.Listing.Created,
            Expires = key.Listing.Expires,
        };
        return isSame ? new KeyringChange(before, after) : new KeyringChange(before, after, key.Bytes);
    }

    KeyRecord RecordOf(Fingerprint fingerprint) => _entries.TryGetValue(fingerprint, out var entry)
        ? entry.Record
        : throw new StoreException("PM4033", $"the ring holds no key {fingerprint}", "pm key list");
}
