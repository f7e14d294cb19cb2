using Pm.Linux;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// Writes new metadata so that a reader at any instant, also after a crash, finds the old state or the new: versioned
/// files first, the timestamp by one rename, then the copies without a version for other tools.
/// </summary>
sealed partial class MetadataCommit(RepositoryWriter writer, RepositorySettings settings, DateTimeOffset now)
{
    const string TargetsFile = "targets.json";

    /// <summary>New targets, and with them a new snapshot and timestamp. What lies in bins costs the bins that change.</summary>
    /// <param name="state">What is published now.</param>
    /// <param name="changes">By path; null: the target goes.</param>
    public void Publish(RepositoryState state, IReadOnlyDictionary<string, TargetFile?> changes)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        if (state.Bins is { } bins)
        {
            ChangeBins(state, bins, changes, files, meta);
        }
        else
        {
            var targets = Changed(state.Targets.Targets, changes);
            if (targets.Count > settings.BinsAbove && state.Targets.Delegations is null)
            {
                FillBins(state, new HashBins(HashBins.CountFor(targets.Count)), targets, files, meta);
            }
            else
            {
                PutTargets(state, targets, state.Targets.Delegations, files, meta);
            }
        }

        PutSnapshot(state, files, meta);
    }

    /// <summary>The same targets, signed again, and with them a new snapshot and timestamp.</summary>
    /// <param name="state">What is published now.</param>
    /// <param name="bins">Bins that are signed again, too.</param>
    public void RenewTargets(RepositoryState state, IReadOnlyCollection<int> bins)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        foreach (var bin in bins)
        {
            PutBin(state, state.Bins!, bin, state.ReadBin(bin).Targets, files, meta);
        }

        PutTargets(state, state.Targets.Targets, state.Targets.Delegations, files, meta);
        PutSnapshot(state, files, meta);
    }

    /// <summary>A new snapshot and timestamp over the same targets, or with some bins signed again.</summary>
    public void RenewSnapshot(RepositoryState state, IReadOnlyCollection<int> bins)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        foreach (var bin in bins)
        {
            PutBin(state, state.Bins!, bin, state.ReadBin(bin).Targets, files, meta);
        }

        PutSnapshot(state, files, meta);
    }

    /// <summary>A new timestamp over the same snapshot. Its rename is the moment at which the new state is there.</summary>
    public void RenewTimestamp(long version, MetaFile snapshot)
    {
        var content = new TimestampMetadata
        {
            Version = version,
            Expires = Expiry("timestamp"),
            Snapshot = snapshot,
        };
        Replace(RepositoryLayout.Metadata("timestamp"), RoleSigner.Sign(content, writer.Keys.Require("timestamp")));
        WriteCopies();
    }

    /// <summary>The first state of a repository: no packages.</summary>
    public void PublishFirst()
    {
        var files = new StagedMetadata(writer);
        var targets = new TargetsMetadata { Version = 1, Expires = Expiry("targets"), Targets = new Dictionary<string, TargetFile>() };
        var bytes = files.Add("targets", targets, writer.Keys.Require("targets"));
        PutSnapshot(1, 1, files, new Dictionary<string, MetaFile> { [TargetsFile] = MetaFile.Of(1, bytes) });
    }

    /// <summary>A root of its own chain; <paramref name="signers"/> are the old root's keys and the new one's.</summary>
    public void PublishRoot(RootMetadata root, IEnumerable<SecretKey> signers)
    {
        var bytes = RoleSigner.Sign(root, signers.DistinctBy(key => key.Public.Id));
        Replace(RepositoryLayout.Metadata("root", root.Version), bytes);
        Replace(RepositoryLayout.Metadata("root"), bytes);
    }

    public DateTimeOffset Expiry(string role)
    {
        var exact = now + settings.Lifetimes.Of(role);
        return exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>Brings the copies to what the timestamp says: after a change, and where a crash kept them behind.</summary>
    public void WriteCopies()
    {
        var state = RepositoryState.Load(writer.Served);
        var files = new StagedMetadata(writer);
        foreach (var (name, bytes) in Copies(writer.Served, state))
        {
            if (writer.Served.TryReadFile(name, MetadataLimits.Any)?.AsSpan().SequenceEqual(bytes) != true)
            {
                files.AddFile(name, bytes);
            }
        }

        files.Place();
        OwnIndex.Update(writer, state);
    }

    /// <summary>Metadata under a name without a version, for tools that look for it.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Copies(DirectoryHandle served, RepositoryState state)
    {
        yield return (RepositoryLayout.Metadata("root"), state.RootBytes);
        foreach (var (role, version) in ((string, long)[])[("targets", state.Targets.Version), ("snapshot", state.Snapshot.Version)])
        {
            yield return (RepositoryLayout.Metadata(role),
                served.TryReadFile(RepositoryLayout.Metadata(role, version), MetadataLimits.Any)!);
        }
    }

    /// <summary>All keys of the file sign: while a role's keys are rotated, the old ones and the new.</summary>
    void PutTargets(
        RepositoryState state, IReadOnlyDictionary<string, TargetFile> targets, Delegations? delegations, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var content = new TargetsMetadata
        {
            Version = state.Targets.Version + 1,
            Expires = Expiry("targets"),
            Targets = targets,
            Delegations = delegations,
        };
        meta[TargetsFile] = MetaFile.Of(content.Version, files.Add("targets", content, writer.Keys.Require("targets")));
    }

    void PutSnapshot(RepositoryState state, StagedMetadata files, Dictionary<string, MetaFile> meta) =>
        PutSnapshot(state.Snapshot.Version + 1, state.Timestamp.Version + 1, files, meta);

    void PutSnapshot(long version, long timestamp, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var content = new SnapshotMetadata
        {
            Version = version,
            Expires = Expiry("snapshot"),
            Meta = meta,
        };
        var bytes = files.Add("snapshot", content, writer.Keys.Require("snapshot"));
        files.Place();
        RenewTimestamp(timestamp, MetaFile.Of(version, bytes));
    }

    static Dictionary<string, TargetFile> Changed(
        IReadOnlyDictionary<string, TargetFile> targets, IEnumerable<KeyValuePair<string, TargetFile?>> changes)
    {
        var changed = new Dictionary<string, TargetFile>(targets);
        foreach (var (path, file) in changes)
        {
            if (file is null)
            {
                changed.Remove(path);
            }
            else
            {
                changed[path] = file;
            }
        }

        return changed;
    }

    void Replace(string name, byte[] bytes) =>
        DurableFile.Replace(writer.Served, name, bytes, RepositoryLayout.ServedFileMode);
}
