using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>The roles that targets.json delegates to: hashed bins, of which only the changed ones are fetched.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Metadata files that are fetched at once.</summary>
    public int MostRequests { get; init; } = 8;

    /// <summary>Brings what targets.json and its delegated roles say into an update of the index. Nothing counts before all of it is verified.</summary>
    /// <returns>The update, and whether anything was fetched.</returns>
    async Task<(IndexUpdate Update, bool IsFetched)> PullDelegatedAsync(
        TrustedMetadataSet set, RepositoryIndex? index, CancellationToken cancellationToken)
    {
        var plan = DelegatedPlan.Of(set, index?.MadeFrom);
        var update = new IndexUpdate(index);
        var sources = plan.Sources;
        update.Keep(plan.StillGood);
        update.Head = plan.HeadOf(sources);
        update.Add(0, set.Targets!.Content, _ => true);
        foreach (var kept in plan.Roles.Select(role => role.Kept).OfType<IndexSource>())
        {
            set.RequireCurrent(kept.Name, kept.Version, kept.Expires);
        }

        _delegated.RemoveTemporaries();
        var (fetched, deeper) = (0, 0);
        await Parallel.ForEachAsync(
            plan.Roles.Where(role => role.Kept is null),
            new ParallelOptions { MaxDegreeOfParallelism = MostRequests, CancellationToken = cancellationToken },
            async (role, token) =>
            {
                var (content, isFetched) = await PullAsync(set, set.FromTargets(role.Role), token);
                Interlocked.Add(ref fetched, isFetched ? 1 : 0);
                sources[role.Source] = new IndexSource(role.Role.Name, content.Version, content.Expires);
                update.Add(role.Source, content, path => plan.Paths!.MaySpeak(role.Source - 1, path));
                Interlocked.Add(ref deeper, content.Delegations is null ? 0 : 1);
            });
        if (deeper > 0)
        {
            var (deep, isFetched) = await PullDeepAsync(set, index, cancellationToken);
            return (deep, isFetched || fetched > 0);
        }

        update.Head = plan.HeadOf(sources);
        _delegated.RemoveAllBut([.. plan.Roles.Select(role => KeptName(set, role.Role))]);
        return (update, fetched > 0);
    }

    /// <summary>One role: what is kept of it, where that is what the snapshot names, else fetched.</summary>
    async Task<(TargetsMetadata Content, bool IsFetched)> PullAsync(
        TrustedMetadataSet set, Delegation delegation, CancellationToken cancellationToken)
    {
        var name = KeptName(set, delegation.Role);
        if (_delegated.Read(name, MetadataLimits.Delegated) is { } kept && set.TryReadDelegated(delegation, kept) is { } known)
        {
            return (known, false);
        }

        var fetched = await FetchAsync(set, delegation.Role, cancellationToken);
        var content = set.ReadDelegated(delegation, fetched);
        _delegated.Put(name, fetched);
        return (content, true);
    }

    /// <summary>Fetches the metadata of a delegated role, whose name is data.</summary>
    Task<byte[]> FetchAsync(TrustedMetadataSet set, DelegatedRole role, CancellationToken cancellationToken)
    {
        var named = set.NamedDelegated(role);
        return FetchMetadataAsync(
            Versioned(set, named.Version, $"{role.FileStem}.json"), named.Length, MetadataLimits.Delegated, cancellationToken,
            Versioned(set, named.Version, $"{Uri.EscapeDataString(role.Name)}.json"));
    }

    /// <summary>With the version, so that a pull that is cut off finds what it had, and nobody reads one of two versions.</summary>
    static string KeptName(TrustedMetadataSet set, DelegatedRole role) => $"{set.NamedDelegated(role).Version}.{role.FileStem}.json";
}
