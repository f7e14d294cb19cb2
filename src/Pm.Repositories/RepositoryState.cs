using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// What a repository says now. The timestamp is the truth: it names the snapshot, which names the targets. The files
/// without a version are copies for others.
/// </summary>
sealed class RepositoryState
{
    RepositoryState(RootMetadata root, byte[] rootBytes, TimestampMetadata timestamp, SnapshotMetadata snapshot, TargetsMetadata targets)
    {
        Root = root;
        RootBytes = rootBytes;
        Timestamp = timestamp;
        Snapshot = snapshot;
        Targets = targets;
        Packages = targets.Targets
            .Select(target => PublishedTarget.Parse(target.Key, target.Value.Custom ?? default))
            .ToDictionary(target => target.Package.Id);
    }

    public RootMetadata Root { get; }

    public byte[] RootBytes { get; }

    public TimestampMetadata Timestamp { get; }

    public SnapshotMetadata Snapshot { get; }

    public TargetsMetadata Targets { get; }

    public IReadOnlyDictionary<PackageId, PublishedTarget> Packages { get; }

    public AvailableDocument Available => AvailableDocument.Of(Packages.Values.Select(target => target.Package));

    /// <exception cref="RepositoryException">PM5008: a file is missing or damaged.</exception>
    public static RepositoryState Load(DirectoryHandle served)
    {
        try
        {
            var (root, rootBytes) = LoadRoot(served);
            var timestamp = TimestampMetadata.Parse(Body(served, RepositoryLayout.Metadata("timestamp")));
            var snapshot = SnapshotMetadata.Parse(
                Body(served, RepositoryLayout.Metadata("snapshot", timestamp.Snapshot.Version)));
            var version = snapshot.Meta.GetValueOrDefault("targets.json")?.Version
                ?? throw new RepositoryException("PM5008", $"{served.Path}: snapshot.json does not name targets.json");
            var targets = TargetsMetadata.Parse(Body(served, RepositoryLayout.Metadata("targets", version)));
            return new RepositoryState(root, rootBytes, timestamp, snapshot, targets);
        }
        catch (Exception exception) when (exception is TrustException or PackageFormatException)
        {
            throw new RepositoryException("PM5008", $"{served.Path}: {exception.Message}", "pm repo verify DIR", exception);
        }
    }

    /// <summary>The last of the chain: root.json can be one behind after a crash.</summary>
    static (RootMetadata Root, byte[] Bytes) LoadRoot(DirectoryHandle served)
    {
        var last = 1;
        while (served.Status(RepositoryLayout.Metadata("root", last + 1)) is not null)
        {
            last++;
        }

        var name = RepositoryLayout.Metadata("root", last);
        var bytes = Read(served, name);
        return (RootMetadata.Parse(SignedDocument.Parse(bytes, name, MetadataLimits.Root).Body), bytes);
    }

    static JsonFields Body(DirectoryHandle served, string name) =>
        SignedDocument.Parse(Read(served, name), name, MetadataLimits.Any).Body;

    static byte[] Read(DirectoryHandle served, string name) => served.TryReadFile(name, MetadataLimits.Any)
        ?? throw new RepositoryException("PM5008", $"{served.Path}/{name}: it is missing");
}
