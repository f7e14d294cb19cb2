using System.Collections.Immutable;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>Targets in hashed bins.</content>
sealed partial class MetadataCommit
{
    /// <summary>The packages that targets.json names go to bins, so that its key is not needed for them any more.</summary>
    /// <param name="state">What is published now: without bins.</param>
    /// <param name="count">How many bins.</param>
    public void MoveToBins(RepositoryState state, int count)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        FillBins(state, new HashBins(count), state.Targets.Targets, files, meta);
        PutSnapshot(state, files, meta);
    }

    /// <summary>Only the bins that something changes in are read and written, unless there are too many targets for them by now.</summary>
    void ChangeBins(RepositoryState state, HashBins bins, IReadOnlyDictionary<string, TargetFile?> changes, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var changed = changes.GroupBy(change => bins.BinOf(change.Key)).ToDictionary(group => group.Key, group => group.ToList());
        var wanted = new HashBins(HashBins.CountFor(OwnIndex.CountOf(writer, state) ?? 0));

        // While new targets wait for signatures others would make them stale.
        if (wanted.Count > bins.Count && writer.Keys.CanSign("targets", root.Roles["targets"]) && !PendingChange.Waits(writer.Home, "targets"))
        {
            RewriteBins(state, wanted, BinSigners(state, state.BinKeys!), bin => changed.GetValueOrDefault(bin) ?? [], files, meta);
            PutTargets(state, new Dictionary<string, TargetFile>(), wanted.ToDelegations(state.Targets.Delegations!.Keys.Values, state.BinKeys!), files, meta);
            return;
        }

        var signers = BinSigners(state, state.BinKeys!);
        foreach (var (bin, list) in changed)
        {
            PutBin(state, bin, Changed(state.ReadBin(bin).Targets, list), signers, files, meta);
        }
    }

    /// <summary>The targets of targets.json go to bins; it says which bin is whose and nothing else from then on.</summary>
    void FillBins(RepositoryState state, HashBins bins, IReadOnlyDictionary<string, TargetFile> targets, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var keys = EnsureKey(writer.Keys);
        var roleKeys = new RoleKeys([keys[0].Public.Id], 1);
        Fill(state, bins, targets, BinSigners(state, roleKeys), files, meta);
        PutTargets(state, new Dictionary<string, TargetFile>(), bins.ToDelegations([keys[0].Public], roleKeys), files, meta);
    }

    /// <summary>Bins as new targets ask for them: filled for the first time, more of them, or with other keys.</summary>
    void PutBins(RepositoryState state, HashBins bins, RoleKeys keys, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var signers = BinSigners(state, keys);
        if (state.Bins is null)
        {
            Fill(state, bins, state.Targets.Targets, signers, files, meta);
        }
        else
        {
            RewriteBins(state, bins, signers, _ => [], files, meta);
        }
    }

    void PutEmpty(HashBins bins, RoleKeys keys, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var signers = writer.Keys.Signers(HashBins.Role, keys);
        for (var bin = 0; bin < bins.Count; bin++)
        {
            PutBin(1, bin, new Dictionary<string, TargetFile>(), signers, files, meta);
        }
    }

    void Fill(RepositoryState state, HashBins bins, IReadOnlyDictionary<string, TargetFile> targets, ImmutableArray<SecretKey> signers, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var filled = targets.ToLookup(target => bins.BinOf(target.Key));
        for (var bin = 0; bin < bins.Count; bin++)
        {
            PutBin(state, bin, filled[bin].ToDictionary(), signers, files, meta);
        }
    }

    /// <summary>Each old bin becomes one or several new ones, so that one is in memory at a time.</summary>
    void RewriteBins(
        RepositoryState state, HashBins bins, ImmutableArray<SecretKey> signers, Func<int, List<KeyValuePair<string, TargetFile?>>> changes, StagedMetadata files,
        Dictionary<string, MetaFile> meta)
    {
        var each = bins.Count / state.Bins!.Count;
        for (var bin = 0; bin < state.Bins.Count; bin++)
        {
            var parts = Changed(state.ReadBin(bin).Targets, changes(bin)).ToLookup(target => bins.BinOf(target.Key));
            for (var part = bin * each; part < (bin + 1) * each; part++)
            {
                PutBin(state, part, parts[part].ToDictionary(), signers, files, meta);
            }
        }
    }

    void PutBin(RepositoryState state, int bin, IReadOnlyDictionary<string, TargetFile> targets, ImmutableArray<SecretKey> signers, StagedMetadata files, Dictionary<string, MetaFile> meta) =>
        PutBin(
            After(HashBins.Role, state.Snapshot.Meta.GetValueOrDefault($"{HashBins.NameOf(bin)}.json")?.Version ?? 0), bin, targets, signers, files, meta);

    /// <summary>Bins go by version and length alone: their hashes would be most of the snapshot, and their signatures name the version.</summary>
    void PutBin(long version, int bin, IReadOnlyDictionary<string, TargetFile> targets, ImmutableArray<SecretKey> signers, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var name = HashBins.NameOf(bin);
        var entry = $"{name}.json";
        var content = new TargetsMetadata { Version = version, Expires = Expiry(HashBins.Role), Targets = targets };
        var bytes = files.Add(name, content, signers);
        if (bytes.Length > MetadataLimits.Delegated)
        {
            throw new RepositoryException(
                "PM5012", $"{entry} would have {bytes.Length} bytes, and clients take at most {MetadataLimits.Delegated}",
                "publish versions that say less of themselves, or remove old ones: pm repo remove NAME@VERSION");
        }

        meta[entry] = new MetaFile(content.Version, bytes.Length, null);
    }

    /// <summary>Those of the keys that sign from now on, and of the present ones those that are here.</summary>
    ImmutableArray<SecretKey> BinSigners(RepositoryState state, RoleKeys keys) =>
        [.. writer.Keys.Signers(HashBins.Role, keys).Concat(writer.Keys.Known(HashBins.Role).Where(key => state.BinKeys?.KeyIds.Contains(key.Public.Id) ?? false))
            .DistinctBy(key => key.Public.Id)];

    /// <summary>A key that an interrupted run made is used: nothing was signed by it that anybody saw.</summary>
    public static ImmutableArray<SecretKey> EnsureKey(RoleKeyFiles keys)
    {
        if (keys.Find(HashBins.Role) is { IsEmpty: false } there)
        {
            return there;
        }

        var made = SecretKey.Create();
        keys.Replace(HashBins.Role, [made]);
        return [made];
    }
}
