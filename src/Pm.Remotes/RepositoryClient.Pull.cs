using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>The TUF client workflow. Each step is kept as soon as it is believed, so that it binds the next run.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Brings the metadata up to date. An unchanged repository costs its timestamp and the probe for a new root.</summary>
    /// <param name="now">The one time against which all of it is held (TUF 5.1).</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="TrustException">Something was refused: what was believed before stays.</exception>
    /// <exception cref="RemoteException">PM6007: not trusted yet; others: not readable.</exception>
    public async Task<PullResult> PullAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var root = _kept.Read(RootName, MetadataLimits.Root) ?? throw new RemoteException("PM6007",
            $"remote `{_remote}`: nobody said yet that it is to be trusted", $"pm remote trust {_remote} --fingerprint HEX");
        var set = TrustedMetadataSet.Start(root, now, _remote);
        await PullRootAsync(set, cancellationToken);
        var isNew = await PullTimestampAsync(set, cancellationToken);
        isNew |= await PullSnapshotAsync(set, cancellationToken);
        var (hasNewTargets, before) = await PullTargetsAsync(set, cancellationToken);
        var after = PulledRepository.Of(set.Root.Content, set.Timestamp!.Content, set.Targets!.Content);
        return hasNewTargets ? PullResult.Between(before, after) : new PullResult(after, isNew);
    }

    async Task PullRootAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        for (var rotation = 0; rotation < MetadataLimits.RootRotations; rotation++)
        {
            // TUF 5.3.3: only that the next root is not there ends the chain; any other failure ends the run.
            var path = $"{set.Root.Content.Version + 1}.{RootName}";
            if (await TryFetchAsync(path, MetadataLimits.Root, cancellationToken) is not { } next)
            {
                break;
            }

            set.UpdateRoot(next);
            _kept.Replace(RootName, next);
        }

        set.RequireCurrentRoot();
        if (set.HasRotatedOnlineKeys)
        {
            // TUF 5.3.11: recovery from a fast-forward attack.
            _kept.Remove(TimestampName);
            _kept.Remove(SnapshotName);
        }
    }

    async Task<bool> PullTimestampAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        if (_kept.Read(TimestampName, MetadataLimits.Timestamp) is { } kept)
        {
            set.LoadTimestamp(kept);
        }

        var fetched = await FetchAsync(TimestampName, MetadataLimits.Timestamp, cancellationToken);
        if (!set.UpdateTimestamp(fetched))
        {
            return false;
        }

        _kept.Replace(TimestampName, fetched);
        return true;
    }

    async Task<bool> PullSnapshotAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        if (_kept.Read(SnapshotName, MetadataLimits.Any) is { } kept && set.LoadSnapshot(kept))
        {
            return false;
        }

        var named = set.Timestamp!.Content.Snapshot;
        var fetched = await FetchAsync(
            Versioned(set, named.Version, SnapshotName), Limit(named.Length, MetadataLimits.Snapshot), cancellationToken);
        set.UpdateSnapshot(fetched);
        _kept.Replace(SnapshotName, fetched);
        return true;
    }

    /// <returns>Whether they are others than the last time, and what was kept then: large, so only read where needed.</returns>
    async Task<(bool IsNew, PulledRepository? Before)> PullTargetsAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        if (_kept.Read(TargetsName, MetadataLimits.Any) is { } kept && set.LoadTargets(kept))
        {
            return (false, null);
        }

        var named = set.NamedTargets;
        var fetched = await FetchAsync(
            Versioned(set, named.Version, TargetsName), Limit(named.Length, MetadataLimits.Targets), cancellationToken);
        set.UpdateTargets(fetched);
        var before = TryLoadKept();
        _kept.Replace(TargetsName, fetched);
        return (true, before);
    }

    /// <summary>Only to tell what changed: damaged files, which were just replaced, must not stop the pull that mends them.</summary>
    PulledRepository? TryLoadKept()
    {
        try
        {
            return LoadKept();
        }
        catch (TrustException)
        {
            return null;
        }
    }

    static string Versioned(TrustedMetadataSet set, long version, string name) =>
        set.Root.Content.IsConsistentSnapshot ? $"{version}.{name}" : name;

    /// <summary>TUF 5.5.1, 5.6.1: the signed length, else a limit of our own.</summary>
    static long Limit(long? signed, int unsigned) => Math.Min(signed ?? unsigned, MetadataLimits.Any);
}
