using Pm.Linux;

namespace Pm.Storage.Keys;

/// <summary>
/// Changes the files of a ring. Killed between any two writes it leaves a ring that trusts no more than before or than
/// what was asked for: a key counts only once its record is there, and a key file is never older than its record.
/// </summary>
public static class KeyringWriter
{
    const int FileMode = 0b110_100_100;

    /// <summary>Carries changes out, each durable before the next begins.</summary>
    /// <param name="writer">The right to change the root; the ring was read while it was held.</param>
    /// <exception cref="SystemCallException">The kernel refused; earlier changes stand.</exception>
    public static void Apply(RootWriter writer, IEnumerable<KeyringChange> changes)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Apply(writer.Root.State, changes);
    }

    /// <summary>As <see cref="Apply(RootWriter, IEnumerable{KeyringChange})"/>, for a ring that is not a root's.</summary>
    /// <param name="parent">Whoever changes the ring has locked it; the ring was read while it was.</param>
    /// <exception cref="SystemCallException">The kernel refused; earlier changes stand.</exception>
    public static void Apply(DirectoryHandle parent, IEnumerable<KeyringChange> changes)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(changes);
        using var directory = parent.OpenOrMakeBeneath(Keyring.DirectoryName, Root.DirectoryMode);
        DurableFile.ClearLeft(directory);
        foreach (var change in changes.Where(c => !c.IsNothing))
        {
            Apply(directory, change);
        }
    }

    static void Apply(DirectoryHandle directory, KeyringChange change)
    {
        var recordName = Keyring.RecordName(change.Fingerprint);
        var keyName = Keyring.KeyName(change.Fingerprint);
        if (change.After is null)
        {
            directory.Unlink(recordName);
            directory.Sync();
            directory.Unlink(keyName);
            directory.Sync();
            return;
        }
        if (change.Key is { } key)
        {
            // First: a revocation must hold even if the record is never written.
            DurableFile.Replace(directory, keyName, key.Span, FileMode);
        }
        DurableFile.Replace(directory, recordName, change.After.ToBytes(), FileMode);
    }
}
