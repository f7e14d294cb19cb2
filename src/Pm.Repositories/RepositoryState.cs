using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// What a repository says now. The timestamp is the truth: it names the snapshot, which names the targets. The files
/// without a version are copies for others. Bins are read when they are asked for.
/// </summary>
sealed class RepositoryState
{
    readonly DirectoryHandle _served;
    readonly Dictionary<int, TargetsMetadata> _read = [];

    readonly SignedDocument[] _signed;

    RepositoryState(DirectoryHandle served, RootMetadata root, byte[] rootBytes, SignedDocument timestamp, SignedDocument snapshot, SignedDocument targets)
    {
        _served = served;
        _signed = [timestamp, snapshot, targets];
        Root = root;
        RootBytes = rootBytes;
        Timestamp = TimestampMetadata.Parse(timestamp.Body);
        Snapshot = SnapshotMetadata.Parse(snapshot.Body);
        Targets = TargetsMetadata.Parse(targets.Body);
        TargetsBytes = targets.Bytes;
        Bins = HashBins.Of(Targets.Delegations);
    }

    public RootMetadata Root { get; }

    public byte[] RootBytes { get; }

    public TimestampMetadata Timestamp { get; }

    public SnapshotMetadata Snapshot { get; }

    public TargetsMetadata Targets { get; }

    public ReadOnlyMemory<byte> TargetsBytes { get; }

    /// <summary>Who signs for the bins; null where there are none.</summary>
    public RoleKeys? BinKeys => Bins is null ? null : Targets.Delegations!.Roles[0].Keys;

    /// <summary>Where the targets lie; null: in <see cref="Targets"/> itself.</summary>
    public HashBins? Bins { get; }

    /// <param name="served">Used as long as the state is.</param>
    /// <exception cref="RepositoryException">PM5008: a file is missing or damaged.</exception>
    public static RepositoryState Load(DirectoryHandle served) => Reading(served, () =>
    {
        var (root, rootBytes) = LoadRoot(served);
        var timestamp = Document(served, RepositoryLayout.Metadata("timestamp"));
        var snapshot = Document(served, RepositoryLayout.Metadata("snapshot", TimestampMetadata.Parse(timestamp.Body).Snapshot.Version));
        var version = SnapshotMetadata.Parse(snapshot.Body).Meta.GetValueOrDefault("targets.json")?.Version
            ?? throw new RepositoryException("PM5008", $"{served.Path}: snapshot.json does not name targets.json");
        return new RepositoryState(served, root, rootBytes, timestamp, snapshot, Document(served, RepositoryLayout.Metadata("targets", version)));
    });

    /// <summary>Whether timestamp, snapshot and targets carry the signatures that a root asks for.</summary>
    public bool IsSignedFor(RootMetadata root) =>
        IsSignedFor("timestamp", root) && IsSignedFor("snapshot", root) && IsSignedFor("targets", root);

    /// <summary>Whether the metadata of one of them does.</summary>
    public bool IsSignedFor(string role, RootMetadata root) =>
        Array.Find(_signed, document => document.Name.EndsWith($"{role}.json", StringComparison.Ordinal))!
            .CountSigners(root.Keys, root.Roles[role]) >= root.Roles[role].Threshold;

    /// <summary>A target by its path; null where it is not published.</summary>
    public TargetFile? FindFile(string path)
    {
        if (Bins is null)
        {
            return Targets.Targets.GetValueOrDefault(path);
        }

        // A few packages are asked for when something changes; one of a bin is often followed by another.
        var bin = Bins.BinOf(path);
        return (_read.TryGetValue(bin, out var read) ? read : _read[bin] = ReadBin(bin)).Targets.GetValueOrDefault(path);
    }

    /// <summary>A package; null where it is not published.</summary>
    public PublishedTarget? Find(PackageId id) =>
        PublishedTarget.PathOf(id) is var path && FindFile(path) is { } file ? Reading(_served, () => Parse(path, file)) : null;

    /// <summary>Everything that is published, a bin at a time, in no order.</summary>
    public IEnumerable<(PublishedTarget Target, TargetFile File)> All()
    {
        foreach (var targets in Bins is null ? [Targets] : Enumerable.Range(0, Bins.Count).Select(ReadBin))
        {
            foreach (var (path, file) in targets.Targets)
            {
                yield return (Reading(_served, () => Parse(path, file)), file);
            }
        }
    }

    /// <summary>The version of a bin that is current.</summary>
    public long VersionOf(int bin) => Snapshot.Meta.GetValueOrDefault($"{HashBins.NameOf(bin)}.json")?.Version
        ?? throw new RepositoryException("PM5008", $"{_served.Path}: snapshot.json does not name {HashBins.NameOf(bin)}.json", "pm repo verify DIR");

    /// <summary>What lies in a bin.</summary>
    public TargetsMetadata ReadBin(int bin) => Reading(
        _served, () => TargetsMetadata.Parse(Body(_served, RepositoryLayout.Metadata(HashBins.NameOf(bin), VersionOf(bin)))));

    /// <exception cref="PackageFormatException">PM2017: what it says of its package is wrong.</exception>
    internal static PublishedTarget Parse(string path, TargetFile file) => PublishedTarget.Parse(path, file.Custom ?? default);

    static T Reading<T>(DirectoryHandle served, Func<T> read)
    {
        try
        {
            return read();
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

    static JsonFields Body(DirectoryHandle served, string name) => Document(served, name).Body;

    static SignedDocument Document(DirectoryHandle served, string name) =>
        SignedDocument.Parse(Read(served, name), name, MetadataLimits.Any);

    static byte[] Read(DirectoryHandle served, string name) => served.TryReadFile(name, MetadataLimits.Any)
        ?? throw new RepositoryException("PM5008", $"{served.Path}/{name}: it is missing");
}
