using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>What is to become of one key of a ring. Made by <see cref="Keyring"/>, carried out by <see cref="KeyringWriter"/>.</summary>
public sealed class KeyringChange
{
    internal KeyringChange(KeyRecord? before, KeyRecord? after, ReadOnlyMemory<byte>? key = null)
    {
        Before = before;
        After = after;
        Key = key;
    }

    /// <summary>Null: the ring does not hold it yet.</summary>
    public KeyRecord? Before { get; }

    /// <summary>Null: it is removed.</summary>
    public KeyRecord? After { get; }

    /// <summary>The record that tells most: the new one, or of a key that goes the old one.</summary>
    public KeyRecord Record => After ?? Before!;

    public Fingerprint Fingerprint => Record.Fingerprint;

    /// <summary>Whether anything would be written.</summary>
    public bool IsNothing => Key is null && After is not null && Before is not null
        && After.ToBytes().AsSpan().SequenceEqual(Before.ToBytes());

    /// <summary>"added", "updated", "removed" or "unchanged".</summary>
    public string Word => (Before, After) switch
    {
        (null, _) => "added",
        (_, null) => "removed",
        _ => IsNothing ? "unchanged" : "updated",
    };

    /// <summary>The new public key, binary; null where the one in the ring stays.</summary>
    internal ReadOnlyMemory<byte>? Key { get; }
}
