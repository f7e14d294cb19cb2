using Pm.Packages.Manifests;

namespace Pm.Stages.Sources;

/// <summary>
/// Brings the sources of packages onto this machine: from git repositories and archives into a cache, by content; directories of this
/// machine stay where they are. Several pm may use one cache at a time. What is in it appeared whole, by one rename.
/// </summary>
/// <param name="directory">The cache, absolute; made on need.</param>
/// <param name="options">How sources are reached.</param>
public sealed class SourceCache(string directory, SourceOptions options)
{
    /// <summary>Checks a source out.</summary>
    /// <param name="source">Where it is: a git repository, an archive or a path.</param>
    /// <param name="baseDirectory">What a relative path starts from: where the manifest lies; absolute.</param>
    /// <param name="locked">
    /// What was decided before, and has to be met; null: what the branch or tag says now. Of a path it is not asked: it may change at any time.
    /// </param>
    /// <param name="cancellation">Ends it, and what it started.</param>
    /// <exception cref="StageException">PM72nn: it cannot be had, or is not what was locked.</exception>
    /// <exception cref="Pm.Remotes.RemoteException">An archive cannot be fetched.</exception>
    /// <exception cref="Pm.Packages.PackageFormatException">PM22nn: an archive is none, or hostile.</exception>
    public Task<CheckedOutSource> CheckOutAsync(
        PackageSource source, string baseDirectory, LockedSource? locked, CancellationToken cancellation) => source switch
        {
            GitSource git => Task.Run(() => new GitCheckout(directory, options, git).Run(locked, cancellation), cancellation),
            ArchiveSource archive => new ArchiveCheckout(directory, options, archive.Url).RunAsync(archive.Sha256, locked, cancellation),
            PathSource path => OfPathAsync(path, baseDirectory, cancellation),
            _ => throw new ArgumentException("what comes from a remote is a package, not a source", nameof(source)),
        };

    /// <summary>Whether checking it out would reach nobody. Nothing is written.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="baseDirectory">What a relative path starts from; absolute.</param>
    /// <param name="locked">What was decided before; null: what the branch or tag says now, which has to be asked.</param>
    public bool IsHere(PackageSource source, string baseDirectory, LockedSource? locked) => source switch
    {
        GitSource git => new GitCheckout(directory, options, git).IsHere(locked),
        ArchiveSource archive => new ArchiveCheckout(directory, options, archive.Url).IsHere(archive.Sha256),
        PathSource path => Linux.FileStatus.Of(PlaceOf(path, baseDirectory)) is not null,
        _ => false,
    };

    static string PlaceOf(PathSource path, string baseDirectory) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Path, baseDirectory));

    /// <summary>The most files, links and directories that one source may have.</summary>
    internal int EntryLimit => options.EntryLimit;

    /// <summary>What of a tree of a commit a directory does not show.</summary>
    internal List<UnusualEntry> Unusual(GitSource source, string commit, string tree, CancellationToken cancellation) =>
        new GitCheckout(directory, options, source).Unusual(commit, tree, cancellation);

    /// <summary>The objects that show which tree is the one of a commit.</summary>
    internal List<(string Id, byte[] Content)> Proof(GitSource source, string commit, CancellationToken cancellation) =>
        new GitCheckout(directory, options, source).Proof(commit, cancellation);

    /// <summary>Brings an archive as it is, which the cache does not keep.</summary>
    internal Task DownloadAsync(ArchiveSource source, Stream target, CancellationToken cancellation)
    {
        options.Working?.Invoke($"fetching {source.Url}");
        return new ArchiveCheckout(directory, options, source.Url).DownloadAsync(source.Sha256, target, cancellation);
    }

    /// <summary>Finds out which bytes a URL has now, and keeps them.</summary>
    /// <exception cref="StageException">PM7207, PM7210.</exception>
    /// <exception cref="Pm.Remotes.RemoteException">It cannot be fetched.</exception>
    public async Task<ArchiveSource> PinAsync(LinkSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var pinned = new ArchiveSource(source.Url, await new ArchiveCheckout(directory, options, source.Url).PinAsync(cancellation));
        options.Fetched?.Invoke(pinned);
        return pinned;
    }

    /// <summary>A directory stays where it is; a file is taken into the cache.</summary>
    internal async Task<CheckedOutSource> OfPathAsync(PathSource path, string baseDirectory, CancellationToken cancellation)
    {
        var place = PlaceOf(path, baseDirectory);
        return Linux.FileStatus.Of(place) switch
        {
            { IsDirectory: true } => await Task.Run(() => new CheckedOutSource(place, SourceTree.Read(place, options.EntryLimit, cancellation).Identity), cancellation),
            { IsRegular: true } => await new ArchiveCheckout(directory, options, new Uri(place).AbsoluteUri).OfFileAsync(cancellation),
            null => throw SourceFault.NoFolder(place, "there is no such file or directory", null),
            _ => throw SourceFault.NoFolder(place, "it is neither a file nor a directory", null),
        };
    }
}
