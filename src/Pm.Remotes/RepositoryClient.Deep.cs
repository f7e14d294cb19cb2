using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>Roles that delegate further. Repositories of pm have none; who speaks for a package is then found as for any target (TUF 5.6.7).</content>
public sealed partial class RepositoryClient
{
    /// <summary>Reads every role that can be reached, each before those that it delegates to, and lets each speak for what a search would find there.</summary>
    async Task<(IndexUpdate Update, bool IsFetched)> PullDeepAsync(
        TrustedMetadataSet set, RepositoryIndex? index, CancellationToken cancellationToken)
    {
        var (roles, isFetched) = await ReadAllAsync(set, cancellationToken);
        var sources = roles.Select(read => new IndexSource(read.Role.Name, read.Said.Version, read.Said.Expires));
        var update = new IndexUpdate(index) { Head = DelegatedPlan.HeadOf(set, sources) };
        update.Add(0, set.Targets!.Content, _ => true);
        var speakers = new SpeakerSearch(set, role => _delegated.Read(KeptName(set, role), MetadataLimits.Delegated));
        for (var at = 0; at < roles.Count; at++)
        {
            var (role, said) = roles[at];
            update.Add(at + 1, said, path => speakers.Find(path) == role.Name);
        }

        _delegated.RemoveAllBut([.. roles.Select(read => KeptName(set, read.Role))]);
        return (update, isFetched);
    }

    async Task<(List<(DelegatedRole Role, TargetsMetadata Said)> Roles, bool IsFetched)> ReadAllAsync(
        TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        var (roles, names, isFetched) = (new List<(DelegatedRole, TargetsMetadata)>(), new HashSet<string>(StringComparer.Ordinal), false);
        var pending = new Stack<Delegation>();
        Push("targets", set.Delegations);
        while (pending.TryPop(out var delegation))
        {
            if (!names.Add(delegation.Role.Name))
            {
                continue;
            }

            if (names.Count > MetadataLimits.DelegatedRoles)
            {
                throw new RemoteException("PM6004", $"remote `{_remote}`: expected at most {MetadataLimits.DelegatedRoles} delegated roles, got more");
            }

            var (said, isNew) = await PullAsync(set, delegation, cancellationToken);
            isFetched |= isNew;
            roles.Add((delegation.Role, said));
            Push(delegation.Role.Name, said.Delegations);
        }

        return (roles, isFetched);

        void Push(string delegator, Delegations? delegations)
        {
            foreach (var role in (delegations?.Spelled().Roles ?? []).Reverse())
            {
                pending.Push(new Delegation(delegator, delegations!.Keys, role));
            }
        }
    }
}
