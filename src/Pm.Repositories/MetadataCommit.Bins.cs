using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>Targets in hashed bins.</content>
sealed partial class MetadataCommit
{
    /// <summary>Gives the bins a new key in one new state: targets.json names it, and it has signed all of them.</summary>
    public void RotateBins(RepositoryState state, TufKey fresh)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        RewriteBins(state, state.Bins!, _ => [], files, meta);
        PutDelegations(state, state.Bins!, [fresh], files, meta);
        PutSnapshot(state, files, meta);
    }

    /// <summary>Only the bins that something changes in are read and written, unless there are too many targets for them by now.</summary>
    void ChangeBins(RepositoryState state, HashBins bins, IReadOnlyDictionary<string, TargetFile?> changes, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var changed = changes.GroupBy(change => bins.BinOf(change.Key)).ToDictionary(group => group.Key, group => group.ToList());
        var wanted = new HashBins(HashBins.CountFor(OwnIndex.CountOf(writer, state) ?? 0));
        if (wanted.Count > bins.Count && !writer.Keys.Find("targets").IsEmpty)
        {
            RewriteBins(state, wanted, bin => changed.GetValueOrDefault(bin) ?? [], files, meta);
            PutDelegations(state, wanted, [.. state.Targets.Delegations!.Keys.Values], files, meta);
            return;
        }

        foreach (var (bin, list) in changed)
        {
            PutBin(state, bins, bin, Changed(state.ReadBin(bin).Targets, list), files, meta);
        }
    }

    /// <summary>The targets of targets.json go to bins; it says which bin is whose and nothing else from then on.</summary>
    void FillBins(RepositoryState state, HashBins bins, Dictionary<string, TargetFile> targets, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        EnsureKey();
        var filled = targets.ToLookup(target => bins.BinOf(target.Key));
        for (var bin = 0; bin < bins.Count; bin++)
        {
            PutBin(state, bins, bin, filled[bin].ToDictionary(), files, meta);
        }

        PutDelegations(state, bins, [.. writer.Keys.Require(HashBins.Role).Select(key => key.Public)], files, meta);
    }

    /// <summary>Each old bin becomes one or several new ones, so that one is in memory at a time.</summary>
    void RewriteBins(RepositoryState state, HashBins bins, Func<int, List<KeyValuePair<string, TargetFile?>>> changes, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var each = bins.Count / state.Bins!.Count;
        for (var bin = 0; bin < state.Bins.Count; bin++)
        {
            var parts = Changed(state.ReadBin(bin).Targets, changes(bin)).ToLookup(target => bins.BinOf(target.Key));
            for (var part = bin * each; part < (bin + 1) * each; part++)
            {
                PutBin(state, bins, part, parts[part].ToDictionary(), files, meta);
            }
        }
    }

    void PutDelegations(RepositoryState state, HashBins bins, List<TufKey> keys, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        PutTargets(state, new Dictionary<string, TargetFile>(), bins.ToDelegations(keys), files, meta);
    }

    /// <summary>Bins go by version and length alone: their hashes would be most of the snapshot, and their signatures name the version.</summary>
    void PutBin(RepositoryState state, HashBins bins, int bin, IReadOnlyDictionary<string, TargetFile> targets, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var name = HashBins.NameOf(bin);
        var entry = $"{name}.json";
        var content = new TargetsMetadata
        {
            Version = (state.Snapshot.Meta.GetValueOrDefault(entry)?.Version ?? 0) + 1,
            Expires = Expiry(HashBins.Role),
            Targets = targets,
        };
        var bytes = files.Add(name, content, writer.Keys.Require(HashBins.Role));
        if (bytes.Length > MetadataLimits.Delegated)
        {
            throw new RepositoryException(
                "PM5012", $"{entry} would have {bytes.Length} bytes, and clients take at most {MetadataLimits.Delegated}",
                "publish versions that say less of themselves, or remove old ones: pm repo remove NAME@VERSION");
        }

        meta[entry] = new MetaFile(content.Version, bytes.Length, null);
    }

    /// <summary>A key that an interrupted run made is used: nothing was signed by it that anybody saw.</summary>
    void EnsureKey()
    {
        if (writer.Keys.Find(HashBins.Role).IsEmpty)
        {
            writer.Keys.Replace(HashBins.Role, [SecretKey.Create()]);
        }
    }
}
