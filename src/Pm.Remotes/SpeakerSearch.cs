using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>Which role speaks for a target, among roles that were all read and kept.</summary>
/// <param name="set">What is believed of the others.</param>
/// <param name="read">The kept bytes of a role.</param>
sealed class SpeakerSearch(TrustedMetadataSet set, Func<DelegatedRole, byte[]?> read)
{
    /// <summary>By who delegates and to whom: another delegator may have other keys. Null: it is not believed there.</summary>
    readonly Dictionary<(string Delegator, string Role), TargetsMetadata?> _known = [];

    /// <returns>Null where nobody does.</returns>
    public string? Find(string path)
    {
        var search = set.Search(path);
        while (search.Next is { } delegation)
        {
            if (Said(delegation) is not { } said)
            {
                return null;
            }

            search.Take(said);
        }

        return search.FoundIn;
    }

    TargetsMetadata? Said(Delegation delegation)
    {
        var step = (delegation.Delegator, delegation.Role.Name);
        if (!_known.TryGetValue(step, out var said))
        {
            said = read(delegation.Role) is { } kept ? set.TryReadDelegated(delegation, kept) : null;
            _known.Add(step, said);
        }

        return said;
    }
}
