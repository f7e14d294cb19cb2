using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>A repository that is asked for single targets, by whoever made it: only the roles that may speak for them are read.</content>
public sealed partial class RepositoryClient
{
    /// <summary>What was fetched of delegated roles in this run: no file is asked for twice, whoever leads to its role.</summary>
    readonly Dictionary<string, byte[]> _fetchedRoles = new(StringComparer.Ordinal);

    /// <summary>Whether delegated roles are kept beside the others, without versions in their names.</summary>
    internal bool IsFlat { get; init; }

    /// <summary>Brings the four top-level roles up to date, as <see cref="PullAsync(DateTimeOffset, Packages.Index.RepositoryIndex?, CancellationToken)"/> does.</summary>
    /// <exception cref="TrustException">Something was refused: what was believed before stays.</exception>
    internal async Task<TrustedMetadataSet> RefreshAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var set = Start(now);
        await PullRootAsync(set, cancellationToken);
        await PullTimestampAsync(set, cancellationToken);
        await PullSnapshotAsync(set, cancellationToken);
        await PullTargetsAsync(set, cancellationToken);
        return set;
    }

    /// <summary>Looks for the role that speaks for a target (TUF 5.6.7).</summary>
    /// <exception cref="TrustException">A role on the way was refused, which ends the search.</exception>
    internal async Task<TargetSearch> SearchAsync(TrustedMetadataSet set, string path, CancellationToken cancellationToken)
    {
        var search = set.Search(path);
        while (search.Next is { } delegation)
        {
            search.Take(await ReadAsync(set, delegation, cancellationToken));
        }

        return search;
    }

    async Task<TargetsMetadata> ReadAsync(TrustedMetadataSet set, Delegation delegation, CancellationToken cancellationToken)
    {
        var role = delegation.Role;
        if (_fetchedRoles.TryGetValue(role.Name, out var fetched))
        {
            // Whoever else believed it: it is held against the keys of who leads to it now.
            return set.ReadDelegated(delegation, fetched);
        }

        var name = $"{role.FileStem}.json";
        if (_kept.Read(name, MetadataLimits.Delegated) is { } kept && set.TryReadDelegated(delegation, kept) is { } known)
        {
            return known;
        }

        fetched = await FetchAsync(set, role, cancellationToken);
        _fetchedRoles[role.Name] = fetched;
        var said = set.ReadDelegated(delegation, fetched);
        _kept.Replace(name, fetched);
        return said;
    }
}
