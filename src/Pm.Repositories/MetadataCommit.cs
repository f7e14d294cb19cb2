using Pm.Linux;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// Writes new metadata so that a reader at any instant, also after a crash, finds the old state or the new: versioned
/// files first, the timestamp by one rename, then the copies without a version for other tools.
/// </summary>
sealed class MetadataCommit(RepositoryWriter writer, RoleLifetimes lifetimes, DateTimeOffset now)
{
    /// <summary>New targets, and with them a new snapshot and timestamp.</summary>
    public void Publish(RepositoryState state, IReadOnlyDictionary<string, TargetFile> targets)
    {
        var content = new TargetsMetadata
        {
            Version = state.Targets.Version + 1,
            Expires = Expiry("targets"),
            Targets = targets,
            Delegations = state.Targets.Delegations,
        };
        var bytes = WriteVersion(content);
        var meta = new Dictionary<string, MetaFile>(state.Snapshot.Meta)
        {
            [RepositoryLayout.Metadata("targets")] = MetaFile.Of(content.Version, bytes),
        };
        RenewSnapshot(state, meta);
    }

    /// <summary>A new snapshot and timestamp over the same targets.</summary>
    public void RenewSnapshot(RepositoryState state, IReadOnlyDictionary<string, MetaFile> meta)
    {
        var content = new SnapshotMetadata
        {
            Version = state.Snapshot.Version + 1,
            Expires = Expiry("snapshot"),
            Meta = meta,
        };
        var bytes = WriteVersion(content);
        RenewTimestamp(state, MetaFile.Of(content.Version, bytes));
    }

    /// <summary>A new timestamp over the same snapshot. Its rename is the moment at which the new state is there.</summary>
    public void RenewTimestamp(RepositoryState state, MetaFile snapshot)
    {
        var content = new TimestampMetadata
        {
            Version = state.Timestamp.Version + 1,
            Expires = Expiry("timestamp"),
            Snapshot = snapshot,
        };
        DurableFile.Replace(writer.Served, RepositoryLayout.Metadata("timestamp"), Sign(content), RepositoryLayout.ServedFileMode);
        WriteCopies();
    }

    /// <summary>The first state of a repository: no packages.</summary>
    public void PublishFirst()
    {
        var targets = new TargetsMetadata
        {
            Version = 1,
            Expires = Expiry("targets"),
            Targets = new Dictionary<string, TargetFile>(),
        };
        var snapshot = new SnapshotMetadata
        {
            Version = 1,
            Expires = Expiry("snapshot"),
            Meta = new Dictionary<string, MetaFile> { ["targets.json"] = MetaFile.Of(1, WriteVersion(targets)) },
        };
        var timestamp = new TimestampMetadata
        {
            Version = 1,
            Expires = Expiry("timestamp"),
            Snapshot = MetaFile.Of(1, WriteVersion(snapshot)),
        };
        DurableFile.Replace(writer.Served, RepositoryLayout.Metadata("timestamp"), Sign(timestamp), RepositoryLayout.ServedFileMode);
        WriteCopies();
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
        var exact = now + lifetimes.Of(role);
        return exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerSecond));
    }

    /// <summary>Brings the copies to what the timestamp says: after a change, and where a crash kept them behind.</summary>
    public void WriteCopies()
    {
        var state = RepositoryState.Load(writer.Served);
        foreach (var (name, bytes) in Copies(writer.Served, state))
        {
            if (writer.Served.TryReadFile(name, MetadataLimits.Any)?.AsSpan().SequenceEqual(bytes) != true)
            {
                Replace(name, bytes);
            }
        }
    }

    /// <summary>Files that hold what others hold already, for tools that look for these names.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Copies(DirectoryHandle served, RepositoryState state)
    {
        yield return (RepositoryLayout.Metadata("root"), state.RootBytes);
        foreach (var (role, version) in ((string, long)[])[("targets", state.Targets.Version), ("snapshot", state.Snapshot.Version)])
        {
            yield return (RepositoryLayout.Metadata(role),
                served.TryReadFile(RepositoryLayout.Metadata(role, version), MetadataLimits.Any)!);
        }

        yield return (RepositoryLayout.Available, state.Available.ToBytes());
    }

    byte[] WriteVersion(RoleMetadata content)
    {
        var bytes = Sign(content);
        Replace(RepositoryLayout.Metadata(content.Type, content.Version), bytes);
        return bytes;
    }

    /// <summary>All keys of the file sign: while a role's keys are rotated, the old ones and the new.</summary>
    byte[] Sign(RoleMetadata content) => RoleSigner.Sign(content, writer.Keys.Require(content.Type));

    void Replace(string name, byte[] bytes) =>
        DurableFile.Replace(writer.Served, name, bytes, RepositoryLayout.ServedFileMode);
}
