namespace Pm.Trust.Tuf;

public sealed partial class TrustedMetadataSet
{
    const string TargetsName = "targets.json";

    /// <summary>What the snapshot says of targets.json.</summary>
    /// <exception cref="MetadataException">Nothing.</exception>
    public MetaFile NamedTargets => Snapshot is not { } snapshot
        ? throw new InvalidOperationException("the snapshot comes before the targets")
        : snapshot.Content.Meta.GetValueOrDefault(TargetsName)
            ?? throw new MetadataException($"{_prefix}snapshot.json does not name {TargetsName}");

    /// <summary>Takes up the targets metadata the client kept, if it is the one that the snapshot names.</summary>
    /// <returns>False where it has to be fetched: also what is expired, which the freeze is told of by what is served (TUF 5.6.5).</returns>
    public bool LoadTargets(ReadOnlyMemory<byte> kept)
    {
        if (!NamedTargets.IsMatch(kept))
        {
            return false;
        }

        Verified<TargetsMetadata> targets;
        try
        {
            targets = ReadTargets(kept);
        }
        catch (TrustException)
        {
            return false;
        }

        if (targets.Content.Version != NamedTargets.Version || IsExpired(targets.Content))
        {
            return false;
        }

        Targets = targets;
        return true;
    }

    /// <summary>Takes newly fetched targets metadata (TUF 5.6.2–5.6.5).</summary>
    /// <exception cref="TrustException">Refused.</exception>
    public void UpdateTargets(ReadOnlyMemory<byte> bytes)
    {
        // TUF 5.6.2: the snapshot was verified, so its hashes may be checked before the signatures.
        RequireMatch(bytes, NamedTargets, TargetsName);
        // TUF 5.6.3: arbitrary software attack.
        var offered = ReadTargets(bytes);
        // TUF 5.6.4: mix-and-match attack.
        RequireVersion(offered.Content, NamedTargets, TargetsName, "the snapshot");
        // TUF 5.6.5: freeze attack.
        RequireCurrent(offered.Content, "targets");
        Targets = offered;
    }

    Verified<TargetsMetadata> ReadTargets(ReadOnlyMemory<byte> bytes)
    {
        var document = SignedDocument.Parse(bytes, TargetsName, MetadataLimits.Any);
        RequireSignedByRole(document, "targets");
        return new Verified<TargetsMetadata>(TargetsMetadata.Parse(document.Body), bytes);
    }
}
