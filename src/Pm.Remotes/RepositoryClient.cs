using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>
/// The client of one remote: pulls its metadata by the TUF workflow and fetches what that names. It knows no store: it
/// yields streams that fail at their end when the bytes are not what was signed, and writes metadata only, below the
/// directory it is handed. Not for two threads or processes at once over one directory.
/// </summary>
public sealed partial class RepositoryClient : IDisposable
{
    internal const string RootName = "root.json";
    /// <summary>What a pull asks for first that every state of a repository has.</summary>
    public const string TimestampName = "timestamp.json";
    const string SnapshotName = "snapshot.json";
    const string TargetsName = "targets.json";

    /// <summary>Of the directory that metadata is kept in.</summary>
    internal const int DirectoryMode = MetadataDirectory.DirectoryMode;

    /// <summary>Shorter files have no compressed form beside them. Source: docs/formats/http.md.</summary>
    const int SmallestCompressed = 4096;

    readonly IFetcher _fetcher;
    readonly MetadataDirectory _kept;
    readonly MetadataDirectory _delegated;
    readonly string _remote;
    volatile bool _offersCompressed;

    /// <param name="remote">The remote's name, for messages.</param>
    /// <param name="fetcher">How its files are fetched.</param>
    /// <param name="metadataDirectory">Absolute path; made when it is needed.</param>
    public RepositoryClient(string remote, IFetcher fetcher, string metadataDirectory)
    {
        _remote = remote;
        _fetcher = fetcher;
        _kept = new MetadataDirectory(metadataDirectory);
        _delegated = new MetadataDirectory(Path.Join(metadataDirectory, "delegated"));
    }

    /// <summary>Ends the fetcher too.</summary>
    public void Dispose() => _fetcher.Dispose();

    /// <summary>Whether there is a root to start from.</summary>
    public bool IsTrusted => _kept.Read(RootName, MetadataLimits.Root) is not null;

    /// <summary>What is kept of the timestamp, however old it is; null before the first pull.</summary>
    /// <exception cref="TrustException">It is damaged.</exception>
    internal static TimestampMetadata? KeptTimestamp(string metadataDirectory) =>
        new MetadataDirectory(metadataDirectory).Read(TimestampName, MetadataLimits.Timestamp) is { } bytes
            ? TimestampMetadata.Parse(SignedDocument.Parse(bytes, TimestampName, MetadataLimits.Timestamp).Body)
            : null;

    /// <summary>What is kept of the snapshot, however old it is; null before the first pull.</summary>
    /// <exception cref="TrustException">It is damaged.</exception>
    internal static SnapshotMetadata? KeptSnapshot(string metadataDirectory) =>
        new MetadataDirectory(metadataDirectory).Read(SnapshotName, MetadataLimits.Any) is { } bytes
            ? SnapshotMetadata.Parse(SignedDocument.Parse(bytes, SnapshotName, MetadataLimits.Any).Body)
            : null;

    /// <returns>Null where the repository has no such file.</returns>
    Task<byte[]?> TryFetchAsync(string path, long maximumLength, CancellationToken cancellationToken) =>
        TryFetchAsync(new FetchRequest(path, maximumLength), cancellationToken);

    async Task<byte[]> FetchAsync(string path, long maximumLength, CancellationToken cancellationToken) =>
        await TryFetchAsync(new FetchRequest(path, maximumLength) { IsRequired = true }, cancellationToken) ?? throw Missing(path);

    async Task<byte[]?> TryFetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (await _fetcher.OpenAsync(request, cancellationToken) is not { } body)
        {
            return null;
        }

        NoteSource(body);
        await using var stream = body.Content;
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    /// <summary>Metadata by its signed length: the compressed file beside it, where there is one.</summary>
    /// <param name="path">Of the plain file.</param>
    /// <param name="length">As signed, or null.</param>
    /// <param name="limit">Where no length is signed, and the most where one is.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="escapedPath">The path in a URL, where it is another.</param>
    async Task<byte[]> FetchMetadataAsync(
        string path, long? length, int limit, CancellationToken cancellationToken, string? escapedPath = null)
    {
        if (length is { } signed and > SmallestCompressed && signed <= limit && _offersCompressed
            && await TryFetchSiblingAsync(
                new FetchRequest($"{path}.zst", Sibling.MaximumLength(signed)) { EscapedPath = escapedPath is null ? null : $"{escapedPath}.zst" },
                cancellationToken) is var compressed)
        {
            // A server that has none of one file has none of the others: the next pull asks again.
            _offersCompressed = compressed is not null;
            if (compressed is not null && Sibling.TryDecode(compressed, signed) is { } plain)
            {
                return plain;
            }
        }

        var request = new FetchRequest(path, Math.Min(length ?? limit, limit)) { IsRequired = true, EscapedPath = escapedPath };
        return await TryFetchAsync(request, cancellationToken) ?? throw Missing(path);
    }

    /// <summary>A compressed form, which nobody has to have: null also where a server answers otherwise than with it or 404.</summary>
    async Task<byte[]?> TryFetchSiblingAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await TryFetchAsync(request, cancellationToken);
        }
        catch (RemoteException e) when (e.Code is "PM6004" or "PM6011" or "PM6012" or "PM6014")
        {
            return null;
        }
    }

    RemoteException Missing(string path) => new(
        "PM6009", $"remote `{_remote}`: {_fetcher.Location}/{path}: its metadata names this file, and it is not there");

    /// <summary>Where the last answer came from; before there was one, where the first will be asked for.</summary>
    public string Source => _asked.Value?.Value ?? _fetcher.Location;

    /// <summary>A package for messages: whose it is, and where its metadata was read.</summary>
    public string Named(PublishedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return Named(package.Target.TargetPath);
    }

    /// <summary>A file for messages: whose it is, and which of its places gave it.</summary>
    string Named(string path) => $"remote `{_remote}`: {Source}/{path}";
}
