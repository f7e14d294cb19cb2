using Pm.Remotes.Downloads;

namespace Pm.Remotes;

/// <content>Content, which may be large: read as it comes, gone on with where it broke off.</content>
public sealed partial class RepositoryClient
{
    /// <summary>Where bodies that break off are kept; null: nowhere.</summary>
    public PartialFiles? Partials { get; set; }

    /// <summary>Whether asking costs a way over the network.</summary>
    public bool IsNear { get => _isNear ?? _fetcher is FileFetcher; init => _isNear = value; }

    readonly bool? _isNear;

    /// <summary>A blob: its compressed sibling where it has one.</summary>
    public DownloadStream DownloadBlob(WantedBlob blob, Action<long>? received = null)
    {
        var name = blob.CompressedSize is null ? blob.Root.ToString() : $"{blob.Root}.zst";
        return Open($"blobs/{name}", blob.TransferSize is null ? null : name, blob.TransferSize ?? blob.MaximumSize, received);
    }

    /// <summary>The publisher's <c>.pkg</c>.</summary>
    public DownloadStream DownloadPkg(PublishedPackage package, Action<long>? received = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        var name = package.Target.PkgName;
        if (package.File is null)
        {
            // Without a digest nobody could say of which file a kept part is.
            var request = new FetchRequest(name, package.Target.Package.DownloadSize ?? MaximumUnsignedPkg)
            {
                IsRequired = true,
                LongestTime = LongestUnsignedPkg,
            };
            return new DownloadStream(_fetcher, request, Missing(name), null, Named(name)) { Received = received };
        }

        var (digest, size) = PkgOf(package);
        return Open(name, $"{digest}.pkg", size, received);
    }

    /// <summary>How much of the publisher's <c>.pkg</c> an earlier run kept, in bytes.</summary>
    public long KeptOf(PublishedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Target.PkgDigest is { } digest ? Partials?.SizeOf($"{digest}.pkg") ?? 0 : 0;
    }

    /// <summary>
    /// Reads the publisher's <c>.pkg</c>, and fails at its end where it is not what was signed. Of a remote without signed metadata
    /// only what is in it can tell.
    /// </summary>
    public static Stream Verify(DownloadStream download, PublishedPackage package)
    {
        ArgumentNullException.ThrowIfNull(download);
        ArgumentNullException.ThrowIfNull(package);
        if (package.File is null)
        {
            return download;
        }

        var (digest, size) = PkgOf(package);
        return new DigestVerifiedStream(download, size, digest, () => download.Name);
    }

    /// <summary>Whether a failure says that what came is not what was signed, rather than that nothing came.</summary>
    public static bool IsWrong(Exception failure) => failure
        is Blobs.BlobMismatchException or Codecs.CodecException or Packages.PackageFormatException or EndOfStreamException
        or RemoteException { Code: "PM6004" or "PM6006" };

    DownloadStream Open(string path, string? keptAs, long maximumLength, Action<long>? received)
    {
        var partial = keptAs is not null && maximumLength >= PartialFiles.SmallestKept && !IsNear
            ? Partials?.Open(keptAs, maximumLength)
            : null;
        return new DownloadStream(_fetcher, new FetchRequest(path, maximumLength) { IsRequired = true }, Missing(path), partial, Named(path)) { Received = received };
    }

    static (Codecs.Sha256Digest Digest, long Size) PkgOf(PublishedPackage package) =>
        package.Target is { PkgDigest: { } digest, Package.DownloadSize: { } size }
            ? (digest, size)
            : throw new ArgumentException($"{package.Id} has no .pkg", nameof(package));
}
