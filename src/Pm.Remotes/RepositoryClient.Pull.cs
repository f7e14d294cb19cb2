using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>The TUF client workflow. Each step is kept as soon as it is believed, so that it binds the next run.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Brings the metadata up to date. An unchanged repository costs its timestamp and the probe for a new root.</summary>
    /// <param name="now">The one time against which all of it is held (TUF 5.1).</param>
    /// <param name="index">What the pull before this one gave; null: there is none, or it is damaged.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="TrustException">Something was refused: what was believed before stays.</exception>
    /// <exception cref="RemoteException">PM6007: not trusted yet; others: not readable.</exception>
    public Task<PullResult> PullAsync(DateTimeOffset now, RepositoryIndex? index, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(() => PullOnceAsync(now, index, cancellationToken));

    async Task<PullResult> PullOnceAsync(DateTimeOffset now, RepositoryIndex? index, CancellationToken cancellationToken)
    {
        var set = Start(now);
        // Beside files of this machine decoding would only cost time.
        _offersCompressed = _fetcher is not FileFetcher;
        await PullRootAsync(set, cancellationToken);
        var isNew = await PullTimestampAsync(set, cancellationToken);
        isNew |= await PullSnapshotAsync(set, cancellationToken);
        var expires = set.Timestamp!.Content.Expires;
        if (index is not null && IsUpToDate(set, index.MadeFrom, isNew))
        {
            return new PullResult(isNew, expires, null);
        }

        isNew |= await PullTargetsAsync(set, cancellationToken);
        var (update, isFetched) = await PullDelegatedAsync(set, index, cancellationToken);
        return new PullResult(isNew || isFetched, expires, update);
    }

    TrustedMetadataSet Start(DateTimeOffset now)
    {
        var root = _kept.Read(RootName, MetadataLimits.Root) ?? throw new RemoteException("PM6007",
            $"remote `{_remote}`: nobody said yet that it is to be trusted",
            IsFlat ? "pm tuf-client --metadata-dir DIR init ROOT_FILE" : $"pm remote trust {_remote} --fingerprint HEX");
        return TrustedMetadataSet.Start(root, now, _remote);
    }

    /// <summary>Whether an index was made from all that the snapshot names, so that none of it needs to be read again.</summary>
    /// <exception cref="ExpiredException">It was, and some of it is expired (TUF 5.6.5).</exception>
    bool IsUpToDate(TrustedMetadataSet set, IndexHead head, bool isNewSnapshot)
    {
        var isSame = head.Keys == set.Root.Content.Roles["targets"].Digest
            && head.IsConsistentSnapshot == set.Root.Content.IsConsistentSnapshot
            && head.Sources.All(source => set.Snapshot!.Content.Meta.GetValueOrDefault($"{source.Name}.json")?.Version == source.Version)
            && IsKept(set.NamedTargets, isNewSnapshot);
        if (isSame)
        {
            foreach (var source in head.Sources)
            {
                set.RequireCurrent(source.Name, source.Version, source.Expires);
            }
        }

        return isSame;
    }

    /// <summary>A new snapshot may name another file of the same version; an old one was held against the kept file before.</summary>
    bool IsKept(MetaFile targets, bool isNewSnapshot) => isNewSnapshot
        ? _kept.Read(TargetsName, MetadataLimits.Any) is { } kept && targets.IsMatch(kept)
        : _kept.LengthOf(TargetsName) is { } length && length == (targets.Length ?? length);

    async Task PullRootAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        for (var rotation = 0; rotation < MetadataLimits.RootRotations; rotation++)
        {
            if (await TryFetchRootAsync(set.Root.Content.Version + 1, cancellationToken) is not { } next)
            {
                break;
            }

            set.UpdateRoot(next);
            if (set.HasRotatedOnlineKeys)
            {
                // TUF 5.3.11: recovery from a fast-forward attack. Before the root is kept: whoever starts from it sees no rotation.
                _kept.Remove(TimestampName);
                _kept.Remove(SnapshotName);
            }

            _kept.Replace(RootName, next);
        }

        set.RequireCurrentRoot();
    }

    /// <summary>
    /// TUF 5.3.3: only that the next root is not there ends the chain; any other failure ends the run. Stores of objects say 403
    /// of what is not there; whoever could say it falsely can say 404 as well.
    /// </summary>
    async Task<byte[]?> TryFetchRootAsync(long version, CancellationToken cancellationToken)
    {
        try
        {
            return await TryFetchAsync($"{version}.{RootName}", MetadataLimits.Root, cancellationToken);
        }
        catch (RemoteException e) when (e.IsForbidden)
        {
            return null;
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
        var fetched = await FetchMetadataAsync(
            Versioned(set, named.Version, SnapshotName), named.Length, Limit(named.Length, MetadataLimits.Snapshot), cancellationToken);
        set.UpdateSnapshot(fetched);
        _kept.Replace(SnapshotName, fetched);
        return true;
    }

    async Task<bool> PullTargetsAsync(TrustedMetadataSet set, CancellationToken cancellationToken)
    {
        if (_kept.Read(TargetsName, MetadataLimits.Any) is { } kept && set.LoadTargets(kept))
        {
            return false;
        }

        var named = set.NamedTargets;
        var fetched = await FetchMetadataAsync(
            Versioned(set, named.Version, TargetsName), named.Length, Limit(named.Length, MetadataLimits.Targets), cancellationToken);
        set.UpdateTargets(fetched);
        _kept.Replace(TargetsName, fetched);
        return true;
    }

    static string Versioned(TrustedMetadataSet set, long version, string name) =>
        set.Root.Content.IsConsistentSnapshot ? $"{version}.{name}" : name;

    /// <summary>TUF 5.5.1, 5.6.1: the signed length, else a limit of our own.</summary>
    static int Limit(long? signed, int unsigned) => (int)Math.Min(signed ?? unsigned, MetadataLimits.Any);
}
