using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <content>Fetching what the metadata names.</content>
public sealed partial class RepositoryClient
{
    const int MaximumManifest = 64 * 1024 * 1024;
    const int MaximumSignature = 64 * 1024;
    const int MaximumKey = 1024 * 1024;

    volatile bool _lacksSiblings;

    /// <summary>Fetches and checks a package's meta.far: length and hashes of the target, package hash, name and version.</summary>
    /// <exception cref="RemoteException">It is not what was signed, or cannot be read.</exception>
    /// <exception cref="PackageFormatException">It is not a package.</exception>
    public Task<Package> OpenPackageAsync(PulledRepository repository, PublishedPackage package, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(() => OpenPackageOnceAsync(repository, package, cancellationToken));

    async Task<Package> OpenPackageOnceAsync(
        PulledRepository repository, PublishedPackage package, CancellationToken cancellationToken)
    {
        if (package is not { Target.Package.Hash: { } hash, File: { } file })
        {
            throw new ArgumentException($"{package.Id} travels as its .pkg alone", nameof(package));
        }

        var path = TargetFilePath(repository, package, file);
        var bytes = await TryReadSiblingAsync(hash, Math.Min(file.Length, Package.MaximumSize), cancellationToken)
            ?? await FetchAsync(path, Math.Min(file.Length, Package.MaximumSize), cancellationToken);
        if (bytes.Length != file.Length)
        {
            throw Mismatch(path, $"expected {file.Length} bytes, got {bytes.Length}");
        }

        if (!file.Hashes.Match(bytes, out var difference))
        {
            throw Mismatch(path, difference);
        }

        var opened = Package.Open(bytes, hash);
        return opened.Id == package.Id
            ? opened
            : throw Mismatch(path, $"asked for {package.Id}, got {opened.Id} (validly signed)");
    }

    /// <summary>The blobs of a package with their sizes.</summary>
    /// <exception cref="RemoteException">Not readable.</exception>
    /// <exception cref="BlobMismatchException">Not the list that was signed.</exception>
    public Task<BlobsDocument> ReadBlobListAsync(PublishedPackage package, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(() => ReadBlobListOnceAsync(package, cancellationToken));

    async Task<BlobsDocument> ReadBlobListOnceAsync(PublishedPackage package, CancellationToken cancellationToken)
    {
        var (root, size) = package.Target.BlobList
            ?? throw new ArgumentException($"{package.Id} has no list of blobs", nameof(package));
        if (await TryReadSiblingAsync(root, Math.Min(size, BlobsDocument.MaximumSize), cancellationToken) is { } plain)
        {
            return BlobsDocument.Parse(plain, Named($"blobs/{root}.zst (blobs.json)"));
        }

        await using var stream = await OpenBlobAsync(root, Math.Min(size, BlobsDocument.MaximumSize), cancellationToken);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken);
        return BlobsDocument.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), Named($"blobs/{root} (blobs.json)"));
    }

    /// <summary>
    /// A blob by its compressed sibling, whose own length nobody signed: it is smaller than the blob, or is not read. Null where
    /// that is not worth it, there is none, or it is not the blob.
    /// </summary>
    async Task<byte[]?> TryReadSiblingAsync(MerkleRoot root, long size, CancellationToken cancellationToken)
    {
        if (size <= SmallestCompressed || IsNear || _lacksSiblings)
        {
            return null;
        }

        try
        {
            var frame = await TryFetchSiblingAsync(new FetchRequest($"blobs/{root}.zst", size), cancellationToken);
            _lacksSiblings = frame is null;
            var plain = new byte[frame is null ? 0 : size];
            return frame is not null && ZstandardFrame.Decompress(frame, plain) == size && MerkleRoot.Of(plain) == root ? plain : null;
        }
        catch (CodecException)
        {
            return null;
        }
    }

    /// <summary>Opens a blob. The stream fails at its end when the bytes are not the blob.</summary>
    /// <param name="root">Its name.</param>
    /// <param name="size">As signed; null where only the root is known.</param>
    /// <param name="cancellationToken">Ends the waiting for the first byte.</param>
    /// <exception cref="RemoteException">Not there or not readable.</exception>
    public async Task<VerifiedStream> OpenBlobAsync(MerkleRoot root, long? size, CancellationToken cancellationToken)
    {
        var path = $"blobs/{root}";
        var body = await _fetcher.OpenAsync(new FetchRequest(path, size ?? MaximumUnsignedPkg) { IsRequired = true }, cancellationToken) ?? throw Missing(path);
        NoteSource(body);
        return new VerifiedStream(body.Content, root, size, $"{body.Source}/{path}");
    }

    /// <summary>Opens the publisher's <c>.pkg</c>. The stream fails at its end when the bytes are not what was signed.</summary>
    /// <exception cref="RemoteException">Not there or not readable.</exception>
    public async Task<Stream> OpenPkgAsync(PublishedPackage package, CancellationToken cancellationToken)
    {
        var (digest, size) = package.Target is { PkgDigest: { } signed, Package.DownloadSize: { } length }
            ? (signed, length)
            : throw new ArgumentException($"{package.Id} has no .pkg", nameof(package));
        var path = package.Target.PkgName;
        var body = await _fetcher.OpenAsync(new FetchRequest(path, size) { IsRequired = true }, cancellationToken) ?? throw Missing(path);
        return new DigestVerifiedStream(body.Content, size, digest, () => $"{body.Source}/{path}");
    }

    /// <summary>The publisher's signature over a package, as somebody judges it: what is refused of one place is asked of the next.</summary>
    /// <param name="package">Its signed target says whether there is a signature.</param>
    /// <param name="judge">
    /// Given the signature, or null where nobody signed it; the manifest covers the package hash, all else is not checked before.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="RemoteException">PM6006: the manifest is another package's; PM6009: it was signed, and no place has the signature.</exception>
    public Task<T> ReadSignatureAsync<T>(PublishedPackage package, Func<PublisherSignature?, T> judge, CancellationToken cancellationToken) =>
        FromAnyPlaceAsync(async () => judge(await ReadSignatureOnceAsync(package, cancellationToken)));

    async Task<PublisherSignature?> ReadSignatureOnceAsync(PublishedPackage package, CancellationToken cancellationToken)
    {
        var hash = package.Target.Package.Hash
            ?? throw new ArgumentException($"{package.Id} travels as its .pkg alone", nameof(package));
        var path = $"signatures/{hash}/manifest.sha256";
        if (await TryFetchSignatureAsync(path, MaximumManifest) is not { } manifest
            || await TryFetchSignatureAsync($"{path}.asc", MaximumSignature) is not { } signature)
        {
            return null;
        }

        return PkgManifest.Covers(ChecksumList.Parse(manifest, Named(path)), hash)
            ? new PublisherSignature(manifest, signature)
            : throw Mismatch(path, $"it does not state the package hash {hash}");

        // Whoever leaves it out must not make an unsigned package of a signed one.
        async Task<byte[]?> TryFetchSignatureAsync(string file, int limit) => package.Target.Package.Signer is null
            ? await TryFetchAsync(file, limit, cancellationToken)
            : await FetchAsync(file, limit, cancellationToken);
    }

    /// <summary>The public key of a publisher as the repository hands it out: to be shown and compared, not to be believed.</summary>
    public Task<byte[]?> ReadPublisherKeyAsync(string fingerprint, CancellationToken cancellationToken) =>
        TryFetchAsync($"publishers/{fingerprint}.asc", MaximumKey, cancellationToken);

    static string TargetFilePath(PulledRepository repository, PublishedPackage package, TargetFile file)
    {
        var path = package.Target.TargetPath;
        return $"targets/{(repository.IsConsistentSnapshot ? file.ConsistentPath(path) : path)}";
    }

    RemoteException Mismatch(string path, string difference) =>
        new("PM6006", $"{Named(path)}: not the file that was signed: {difference}");
}
