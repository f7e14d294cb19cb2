namespace Pm.Trust.Tuf;

public sealed partial class TrustedMetadataSet
{
    /// <summary>Takes up the timestamp the client kept, expired or not: new versions are held against it.</summary>
    /// <returns>False where it binds no more: keys were rotated (TUF 5.3.11), or the present keys did not sign it.</returns>
    public bool LoadTimestamp(ReadOnlyMemory<byte> kept)
    {
        RequireRootFinal();
        if (HasRotatedOnlineKeys)
        {
            return false;
        }

        try
        {
            Timestamp = ReadTimestamp(kept);
            return true;
        }
        catch (TrustException)
        {
            return false;
        }
    }

    /// <summary>Takes a newly fetched timestamp (TUF 5.4.2–5.4.4).</summary>
    /// <returns>False where it is the version already trusted: nothing changed, keep the bytes there are (TUF 5.4.3.1).</returns>
    /// <exception cref="TrustException">Refused.</exception>
    public bool UpdateTimestamp(ReadOnlyMemory<byte> bytes)
    {
        RequireRootFinal();
        // TUF 5.4.2: arbitrary software attack.
        var offered = ReadTimestamp(bytes);
        if (Timestamp?.Content is { } trusted)
        {
            // TUF 5.4.3: rollback attack, of the role and of the snapshot it names.
            RequireNotOlder(trusted.Version, offered.Content.Version, "timestamp");
            if (trusted.Version == offered.Content.Version)
            {
                RequireCurrent(trusted, "timestamp");
                return false;
            }

            RequireNotOlder(trusted.Snapshot.Version, offered.Content.Snapshot.Version, "snapshot (as the timestamp names it)");
        }

        // TUF 5.4.4: freeze attack.
        RequireCurrent(offered.Content, "timestamp");
        Timestamp = offered;
        return true;
    }

    Verified<TimestampMetadata> ReadTimestamp(ReadOnlyMemory<byte> bytes)
    {
        var document = SignedDocument.Parse(bytes, "timestamp.json", MetadataLimits.Timestamp);
        RequireSignedByRole(document, "timestamp");
        return new Verified<TimestampMetadata>(TimestampMetadata.Parse(document.Body), bytes);
    }
}
