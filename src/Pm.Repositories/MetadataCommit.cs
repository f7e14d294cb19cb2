using System.Collections.Immutable;
using Pm.Linux;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// Writes new metadata so that a reader at any instant, also after a crash, finds the old state or the new: versioned
/// files first, the timestamp by one rename, then the copies without a version for other tools.
/// </summary>
/// <param name="writer">The repository, locked.</param>
/// <param name="settings">How long a state is vouched for.</param>
/// <param name="now">From when on.</param>
/// <param name="root">Which keys sign.</param>
/// <param name="other">The root that follows at once, or the one before: its keys sign, too, so that readers of either believe what is written.</param>
sealed partial class MetadataCommit(RepositoryWriter writer, RepositorySettings settings, DateTimeOffset now, RootMetadata root, RootMetadata? other = null)
{
    const string TargetsFile = "targets.json";

    /// <summary>Of these clients forget what they knew, with the root that comes with this: see <see cref="MetadataVersions.Forgotten"/>.</summary>
    public IReadOnlyCollection<string> Forgotten { get; init; } = [];

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
            PutBin(state, bin, state.ReadBin(bin).Targets, BinSigners(state, state.BinKeys!), files, meta);
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
            PutBin(state, bin, state.ReadBin(bin).Targets, BinSigners(state, state.BinKeys!), files, meta);
        }

        PutSnapshot(state, files, meta);
    }

    /// <summary>A new timestamp over the same snapshot. Its rename is the moment at which the new state is there.</summary>
    public void RenewTimestamp(RepositoryState state) => PutTimestamp(After("timestamp", state.Timestamp.Version), state.Timestamp.Snapshot);

    void PutTimestamp(long version, MetaFile snapshot)
    {
        var content = new TimestampMetadata
        {
            Version = version,
            Expires = Expiry("timestamp"),
            Snapshot = snapshot,
        };
        Replace(RepositoryLayout.Metadata("timestamp"), RoleSigner.Sign(content, Signers("timestamp")));
        WriteCopies();
    }

    /// <summary>Whether all that a change of packages needs can be signed here.</summary>
    /// <exception cref="RepositoryException">PM5006: not so.</exception>
    public void RequireSigners(RepositoryState state)
    {
        _ = (Signers("timestamp"), Signers("snapshot"), state.BinKeys is { } bins ? writer.Keys.Signers(HashBins.Role, bins) : Signers("targets"));
    }

    /// <summary>Whether a version can follow of all that a new state needs.</summary>
    /// <param name="state">What is published now.</param>
    /// <param name="withTargets">Whether targets are signed here, too.</param>
    /// <param name="withBins">Whether all bins are.</param>
    /// <exception cref="RepositoryException">PM5017: not so.</exception>
    public void RequireVersions(RepositoryState state, bool withTargets, bool withBins)
    {
        _ = (After("timestamp", state.Timestamp.Version), After("snapshot", state.Snapshot.Version), withTargets ? After("targets", state.Targets.Version) : 0);
        for (var bin = 0; withBins && bin < state.Bins?.Count; bin++)
        {
            After(HashBins.Role, state.VersionOf(bin));
        }
    }

    /// <summary>The first state of a repository: no packages.</summary>
    /// <param name="targets">Says so.</param>
    /// <param name="bytes">The same, signed.</param>
    public void PublishFirst(TargetsMetadata targets, byte[] bytes)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>();
        if (HashBins.Of(targets.Delegations) is { } bins)
        {
            PutEmpty(bins, targets.Delegations!.Roles[0].Keys, files, meta);
        }

        files.AddSigned("targets", targets.Version, bytes);
        meta[TargetsFile] = MetaFile.Of(targets.Version, bytes);
        PutSnapshot(1, 1, files, meta);
    }

    /// <summary>New targets that are signed already, with the bins that they ask for, and with them a new snapshot and timestamp.</summary>
    /// <param name="state">What is published now.</param>
    /// <param name="targets">What follows: the same packages, or none and the bins that they go to.</param>
    /// <param name="bytes">The same, signed.</param>
    public void TakeTargets(RepositoryState state, TargetsMetadata targets, byte[] bytes)
    {
        var files = new StagedMetadata(writer);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta);
        if (HashBins.Of(targets.Delegations) is { } bins && targets.Delegations!.Digest != state.Targets.Delegations?.Digest)
        {
            PutBins(state, bins, targets.Delegations.Roles[0].Keys, files, meta);
        }

        files.AddSigned("targets", targets.Version, bytes);
        meta[TargetsFile] = MetaFile.Of(targets.Version, bytes);
        PutSnapshot(state, files, meta);
    }

    /// <summary>A root of its own chain, signed as the old root and itself ask.</summary>
    public void PublishRoot(long version, byte[] bytes)
    {
        Replace(RepositoryLayout.Metadata("root", version), bytes);
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
        foreach (var (name, _, bytes) in Copies(writer.Served, state))
        {
            if (!IsCopy(writer.Served, name, bytes))
            {
                files.AddFile(name, bytes);
            }
        }

        files.Place();
        OwnIndex.Update(writer, state);
    }

    /// <summary>Metadata under a name without a version, for tools that look for it.</summary>
    public static IEnumerable<(string Name, long Version, byte[] Bytes)> Copies(DirectoryHandle served, RepositoryState state)
    {
        yield return (RepositoryLayout.Metadata("root"), state.Root.Version, state.RootBytes);
        foreach (var (role, version) in ((string, long)[])[("targets", state.Targets.Version), ("snapshot", state.Snapshot.Version)])
        {
            yield return (RepositoryLayout.Metadata(role), version,
                served.TryReadFile(RepositoryLayout.Metadata(role, version), MetadataLimits.Any)!);
        }
    }

    /// <summary>Whether a file holds these bytes; a link, or something longer than metadata, does not.</summary>
    public static bool IsCopy(DirectoryHandle served, string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return served.TryReadFile(name, bytes.Length) is { } there && bytes.SequenceEqual(there);
        }
        catch (SystemCallException exception) when (exception.Errno is Errno.EFBIG or Errno.ELOOP or Errno.EISDIR or Errno.EINVAL)
        {
            return false;
        }
    }

    void PutTargets(
        RepositoryState state, IReadOnlyDictionary<string, TargetFile> targets, Delegations? delegations, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var content = new TargetsMetadata
        {
            Version = After("targets", state.Targets.Version),
            Expires = Expiry("targets"),
            Targets = targets,
            Delegations = delegations,
        };
        meta[TargetsFile] = MetaFile.Of(content.Version, files.Add("targets", content, Signers("targets")));
    }

    void PutSnapshot(RepositoryState state, StagedMetadata files, Dictionary<string, MetaFile> meta) =>
        PutSnapshot(After("snapshot", state.Snapshot.Version), After("timestamp", state.Timestamp.Version), files, meta);

    long After(string role, long version) => MetadataVersions.After(role, version, Forgotten, roles => LostKeys.Command(writer.Home.Path, writer.Keys, roles));

    ImmutableArray<SecretKey> Signers(string role) => writer.Keys.Signers(role, root.Roles[role], other?.Roles[role]);

    void PutSnapshot(long version, long timestamp, StagedMetadata files, Dictionary<string, MetaFile> meta)
    {
        var content = new SnapshotMetadata
        {
            Version = version,
            Expires = Expiry("snapshot"),
            Meta = meta,
        };
        var bytes = files.Add("snapshot", content, Signers("snapshot"));
        files.Place();
        PutTimestamp(timestamp, MetaFile.Of(version, bytes));
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
