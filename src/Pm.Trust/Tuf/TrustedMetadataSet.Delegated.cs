namespace Pm.Trust.Tuf;

public sealed partial class TrustedMetadataSet
{
    /// <summary>The roles that targets.json delegates to; none where it delegates to nobody.</summary>
    public Delegations? Delegations => Targets?.Content.Delegations;

    /// <summary>The step from targets.json to a role that it delegates to.</summary>
    public Delegation FromTargets(DelegatedRole role) => new("targets", RequireTargets().Delegations!.Keys, role);

    /// <summary>Begins the search for the role that speaks for a target (TUF 5.6.7).</summary>
    /// <param name="path">Of the target.</param>
    public TargetSearch Search(string path) => new(path, RequireTargets());

    /// <summary>What the snapshot says of a delegated role's metadata.</summary>
    /// <exception cref="MismatchException">Nothing, though a role of the same snapshot delegates to it; or more than is read.</exception>
    public MetaFile NamedDelegated(DelegatedRole role)
    {
        var named = (Snapshot?.Content ?? throw new InvalidOperationException("the snapshot comes before the delegated roles"))
            .Meta.GetValueOrDefault($"{role.Name}.json")
            ?? throw new MismatchException($"{_prefix}{role.ShownFile}: mix-and-match attack refused: "
                + "a role of the same snapshot delegates to it, and the snapshot does not name it");
        return named.Length is not > MetadataLimits.Delegated
            ? named
            : throw new MismatchException(
                $"{_prefix}{role.ShownFile}: expected at most {MetadataLimits.Delegated} bytes, the snapshot announces {named.Length}");
    }

    /// <summary>Reads newly fetched metadata of a delegated role (TUF 5.6.2–5.6.5). Several threads may.</summary>
    /// <remarks>It is not held here: there may be thousands, and each is needed once.</remarks>
    /// <exception cref="TrustException">Refused.</exception>
    public TargetsMetadata ReadDelegated(Delegation delegation, ReadOnlyMemory<byte> bytes)
    {
        var role = delegation.Role;
        var named = NamedDelegated(role);
        RequireMatch(bytes, named, role.ShownFile);
        var document = SignedDocument.Parse(bytes, role.ShownFile, MetadataLimits.Delegated);
        // TUF 3.1.2.1: the keys of the delegator that leads here now, whoever signed earlier versions or led here before.
        RequireSigned(
            document, ShownText.Of(role.Name), delegation.Keys, role.Keys, _prefix, $"{ShownText.Of(delegation.Delegator)}.json's");
        var content = TargetsMetadata.Parse(document.Body);
        RequireVersion(content, named, role.ShownFile, "the snapshot");
        RequireCurrent(content, ShownText.Of(role.Name));
        return content;
    }

    /// <summary>Reads metadata of a delegated role that the client kept, if it is what the snapshot names.</summary>
    /// <returns>Null where it has to be fetched.</returns>
    public TargetsMetadata? TryReadDelegated(Delegation delegation, ReadOnlyMemory<byte> kept)
    {
        try
        {
            return ReadDelegated(delegation, kept);
        }
        catch (TrustException)
        {
            return null;
        }
    }

    TargetsMetadata RequireTargets() =>
        Targets?.Content ?? throw new InvalidOperationException("the targets come before the delegated roles");
}
