using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>What a remote's metadata said at the last pull: a view on its index, and on the timestamp that is kept.</summary>
public sealed class PulledRepository
{
    readonly Lazy<TimestampMetadata?> _timestamp;
    readonly Lazy<DateTimeOffset> _expires;

    /// <param name="index">Written at the pull; it must stay as long as this is used.</param>
    /// <param name="metadataDirectory">Where the metadata is kept.</param>
    public PulledRepository(RepositoryIndex index, string metadataDirectory)
    {
        Index = index;
        _timestamp = new Lazy<TimestampMetadata?>(() => RepositoryClient.KeptTimestamp(metadataDirectory));
        _expires = new Lazy<DateTimeOffset>(() => FirstExpiry(RepositoryClient.KeptSnapshot(metadataDirectory)));
    }

    /// <summary>The index that names, versions and dependencies are looked up in.</summary>
    public RepositoryIndex Index { get; }

    /// <summary>How many versions of packages there are.</summary>
    public int Count => Index.VersionCount;

    /// <summary>Whether packages are named by hash below <c>targets/</c>.</summary>
    public bool IsConsistentSnapshot => Index.MadeFrom.IsConsistentSnapshot;

    /// <summary>Whether nothing of it is signed: it may be any state that there ever was.</summary>
    public bool IsPlain => Index.MadeFrom.Sources is [{ Name: RepositoryClient.AvailableName }];

    /// <summary>Grows with every change and renewal of the repository.</summary>
    /// <exception cref="Trust.TrustException">The kept file is damaged.</exception>
    public long TimestampVersion => _timestamp.Value?.Version ?? 0;

    /// <summary>Until when the publisher vouches for this state; for ever, and so not at all, where nothing is signed.</summary>
    /// <exception cref="Trust.TrustException">The kept file is damaged.</exception>
    public DateTimeOffset Expires => IsPlain ? DateTimeOffset.MaxValue : _expires.Value;

    /// <summary>Of timestamp, snapshot and each list of targets the one that expires first (TUF 5.4.4, 5.5.6, 5.6.5); without the first two nobody vouches.</summary>
    DateTimeOffset FirstExpiry(SnapshotMetadata? snapshot) => _timestamp.Value is { } timestamp && snapshot is not null
        ? Index.MadeFrom.Sources.Select(source => source.Expires).Append(timestamp.Expires).Append(snapshot.Expires).Min()
        : DateTimeOffset.MinValue;

    /// <exception cref="PackageFormatException">PM2018: what the index says of it is damaged.</exception>
    public PublishedPackage? Find(PackageId id) => Index.Find(id) is { } indexed
        ? new PublishedPackage(indexed.Target, indexed.File is { } file ? new TargetFile(file.Length, FileHashes.Of(file.Sha256, file.Sha512)) : null)
        : null;
}
