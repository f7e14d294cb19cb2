using Pm.Packages.Index;

namespace Pm.Stages.Fetching;

/// <summary>
/// What is cheaper: a package's <c>.pkg</c>, or the blobs of it that are missing. Counted in bytes, a request as so many as
/// come over a usual line while its answer is on the way, with several under way at once.
/// </summary>
static class FetchCost
{
    const long Request = 4096;

    /// <summary>meta.far, manifest, signature and list of blobs.</summary>
    const int RequestsForMetadata = 4;

    /// <summary>Whether the <c>.pkg</c> costs no more than only finding out what is missing, and one blob.</summary>
    public static bool IsSmall(PublishedTarget target) => target.Package.DownloadSize is { } size
        && size <= (target.MetaSizeInBytes ?? 0) + (target.BlobList?.SizeInBytes ?? 0) + (RequestsForMetadata * Request);

    /// <summary>Whether the <c>.pkg</c> is cheaper than the blobs.</summary>
    /// <param name="target">The package.</param>
    /// <param name="kept">Bytes of the <c>.pkg</c> that an earlier run kept.</param>
    /// <param name="missing">The blobs.</param>
    public static bool IsWholeCheaper(PublishedTarget target, long kept, IReadOnlyCollection<MissingBlob> missing) =>
        target is { PkgDigest: not null, Package.DownloadSize: { } size }
        && size - kept + Request < ByteTotal.Of(missing, b => (b.Wanted.TransferSize ?? 0) + Request);
}
