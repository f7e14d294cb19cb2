namespace Pm.Trust.Tuf;

public sealed partial class TrustedMetadataSet
{
    Verified<SnapshotMetadata>? _keptSnapshot;

    /// <summary>Takes up the snapshot the client kept. New ones are held against it.</summary>
    /// <returns>True where it is the one the timestamp names, and not expired, so that none has to be fetched.</returns>
    public bool LoadSnapshot(ReadOnlyMemory<byte> kept)
    {
        var named = RequireTimestamp().Snapshot;
        if (HasRotatedOnlineKeys)
        {
            return false;
        }

        Verified<SnapshotMetadata> snapshot;
        try
        {
            snapshot = ReadSnapshot(kept);
        }
        catch (TrustException)
        {
            return false;
        }

        _keptSnapshot = snapshot;
        if (snapshot.Content.Version != named.Version || !named.IsMatch(kept) || IsExpired(snapshot.Content))
        {
            return false;
        }

        Snapshot = snapshot;
        return true;
    }

    /// <summary>Takes a newly fetched snapshot (TUF 5.5.2–5.5.6).</summary>
    /// <exception cref="TrustException">Refused.</exception>
    public void UpdateSnapshot(ReadOnlyMemory<byte> bytes)
    {
        var named = RequireTimestamp().Snapshot;
        // TUF 5.5.2: the timestamp was verified, so its hashes may be checked before the signatures.
        RequireMatch(bytes, named, "snapshot.json");
        // TUF 5.5.3: arbitrary software attack.
        var offered = ReadSnapshot(bytes);
        // TUF 5.5.4: mix-and-match attack.
        RequireVersion(offered.Content, named, "snapshot.json", "the timestamp");
        // TUF 5.5.5: rollback attack on any of the files it names.
        RequireNoEntryOlder(offered.Content);
        // TUF 5.5.6: freeze attack.
        RequireCurrent(offered.Content, "snapshot");
        Snapshot = offered;
    }

    void RequireNoEntryOlder(SnapshotMetadata offered)
    {
        foreach (var (name, trusted) in _keptSnapshot?.Content.Meta ?? new Dictionary<string, MetaFile>())
        {
            if (!offered.Meta.TryGetValue(name, out var entry))
            {
                throw new RollbackException($"{_prefix}snapshot: rollback attack refused: "
                    + $"{ShownText.Of(name)} version {trusted.Version} is trusted, and the new snapshot leaves it out");
            }

            RequireNotOlder(trusted.Version, entry.Version, $"{ShownText.Of(name)} (as the snapshot names it)");
        }
    }

    Verified<SnapshotMetadata> ReadSnapshot(ReadOnlyMemory<byte> bytes)
    {
        var document = SignedDocument.Parse(bytes, "snapshot.json", MetadataLimits.Any);
        RequireSignedByRole(document, "snapshot");
        return new Verified<SnapshotMetadata>(SnapshotMetadata.Parse(document.Body), bytes);
    }

    TimestampMetadata RequireTimestamp() =>
        Timestamp?.Content ?? throw new InvalidOperationException("the timestamp comes before the snapshot");
}
