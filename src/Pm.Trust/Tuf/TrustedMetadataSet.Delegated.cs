namespace Pm.Trust.Tuf;

public sealed partial class TrustedMetadataSet
{
    /// <summary>The roles that targets.json delegates to; none where it delegates to nobody.</summary>
    public Delegations? Delegations => Targets?.Content.Delegations;

    /// <summary>What the snapshot says of a delegated role's metadata.</summary>
    /// <exception cref="MismatchException">Nothing, though targets.json of the same snapshot delegates to it; or more than is read.</exception>
    public MetaFile NamedDelegated(DelegatedRole role)
    {
        var named = (Snapshot?.Content ?? throw new InvalidOperationException("the snapshot comes before the delegated roles"))
            .Meta.GetValueOrDefault($"{role.Name}.json")
            ?? throw new MismatchException($"remote `{_remote}`: {role.ShownFile}: mix-and-match attack refused: "
                + "targets.json delegates to this role, and the snapshot does not name it");
        return named.Length is not > MetadataLimits.Delegated
            ? named
            : throw new MismatchException(
                $"remote `{_remote}`: {role.ShownFile}: expected at most {MetadataLimits.Delegated} bytes, the snapshot announces {named.Length}");
    }

    /// <summary>Reads newly fetched metadata of a delegated role (TUF 5.6.2–5.6.5). Several threads may.</summary>
    /// <remarks>It is not held here: there may be thousands, and each is needed once.</remarks>
    /// <exception cref="TrustException">Refused.</exception>
    public TargetsMetadata ReadDelegated(DelegatedRole role, ReadOnlyMemory<byte> bytes)
    {
        var named = NamedDelegated(role);
        RequireMatch(bytes, named, role.ShownFile);
        var document = SignedDocument.Parse(bytes, role.ShownFile, MetadataLimits.Delegated);
        // The keys of the delegator that is believed now, whoever signed earlier versions.
        RequireSigned(document, ShownText.Of(role.Name), Delegations!.Keys, role.Keys, _remote, "targets.json's");
        var content = TargetsMetadata.Parse(document.Body);
        RequireVersion(content, named, role.ShownFile, "the snapshot");
        RequireCurrent(content, ShownText.Of(role.Name));
        return content;
    }

    /// <summary>Reads metadata of a delegated role that the client kept, if it is what the snapshot names.</summary>
    /// <returns>Null where it has to be fetched.</returns>
    /// <exception cref="ExpiredException">It is what is named, and it is expired.</exception>
    public TargetsMetadata? TryReadDelegated(DelegatedRole role, ReadOnlyMemory<byte> kept)
    {
        try
        {
            return ReadDelegated(role, kept);
        }
        catch (TrustException exception) when (exception is not ExpiredException)
        {
            return null;
        }
    }
}
