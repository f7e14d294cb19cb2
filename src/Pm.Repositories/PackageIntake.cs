using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Takes <c>.pkg</c> files in: copied first, so that what is checked is what is published.</summary>
sealed partial class PackageIntake(
    RepositoryWriter writer, PublishOptions options, DateTimeOffset now, EarlierVersions earlier, CancellationToken cancellation)
{
    public StagedBlobs Blobs { get; } = new(writer);

    /// <exception cref="RepositoryException">PM5009: not a file.</exception>
    /// <exception cref="PackageFormatException">Not a package, or an altered one.</exception>
    /// <exception cref="Trust.TrustException">Not signed by somebody who is trusted.</exception>
    public IncomingPackage Take(PublishFile source, Action<PackageId>? authorise)
    {
        var staged = Stage(source);
        using var stream = new FileStream(writer.Staged.OpenRead(staged), FileAccess.Read, bufferSize: 0);
        using var archive = PkgArchive.Open(stream, Path.GetFileName(source.Name), options.Limits);
        authorise?.Invoke(archive.Id);
        var signer = Judge(archive);

        // Only now is it read whole, and only what was signed is expanded.
        archive.CheckRoot();
        var (digest, length) = DigestOf(stream);
        if (archive.ClaimedHash is null)
        {
            return TakeAlone(archive, staged, digest, length, signer);
        }

        var package = archive.Expand(Blobs);
        return Describe(archive, package, staged, digest, length, signer);
    }

    DateTimeOffset WholeSecond => DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());

    Fingerprint? Judge(PkgArchive archive)
    {
        if (archive.SignedBy is not { } signature)
        {
            return options.AllowsUnsigned ? null : throw Refusal(archive, SignerPolicy.Decide(
                new SignatureCheck.Missing(), new Dictionary<Fingerprint, KnownKey>()));
        }

        var decision = options.Judge(archive.SignedManifest, signature);
        return decision is SignerDecision.Accepted accepted ? accepted.Signer : throw Refusal(archive, decision);
    }

    static Trust.TrustException Refusal(PkgArchive archive, SignerDecision decision) =>
        ((SignerDecision.Refused)decision).ToException(archive.Name);

    IncomingPackage Describe(
        PkgArchive archive, Package package, string staged, Sha256Digest digest, long length, Fingerprint? signer)
    {
        Blobs.Add(package.MetaFar.Span);
        Blobs.Compress(cancellation);
        var list = BlobList(package).ToBytes();
        var listRoot = Blobs.Add(list);
        Blobs.Compress(cancellation);
        var said = PublishedText.Of(package) with
        {
            Hash = package.Hash,
            SizeInBytes = package.Contents.Entries.Sum(entry => Blobs.SizeOf(entry.Root)),
            DownloadSize = length,
            Signer = signer?.ToString(),
            Published = WholeSecond,
        };
        var target = new PublishedTarget(said with { SameAs = earlier.SameAs(package, said) })
        {
            MetaSizeInBytes = package.MetaFar.Length,
            BlobList = (listRoot, list.Length),
            BlobListCompressedSize = Blobs.CompressedSizeOf(listRoot),
            PkgDigest = digest,
        };
        var file = new TargetFile(package.MetaFar.Length, FileHashes.OfSha512(package.MetaFar.Span), PublishedText.Within(target, archive.Name));
        return new IncomingPackage(target, file, staged, Noted(Blobs.Link(package.Hash)), StageSmall(archive, package.Hash, signer), signer);
    }

    /// <summary>Made by hand, without <c>package.merkle</c>: what its publisher signed is the <c>.pkg</c>, so it is the target.</summary>
    IncomingPackage TakeAlone(PkgArchive archive, string staged, Sha256Digest digest, long length, Fingerprint? signer)
    {
        var (package, size) = Measure(archive);
        var target = new PublishedTarget(PublishedText.Of(package) with
        {
            SizeInBytes = size,
            DownloadSize = length,
            Signer = signer?.ToString(),
            Published = WholeSecond,
        })
        {
            PkgDigest = digest,
        };
        var file = new TargetFile(length, FileHashes.OfSha256(digest), PublishedText.Within(target, archive.Name));
        return new IncomingPackage(target, file, staged, Noted(writer.LinkStaged(staged)), StageSmall(archive, null, signer), signer);
    }

    /// <summary>Its files are looked at and not kept.</summary>
    (Package Package, long Size) Measure(PkgArchive archive)
    {
        var unused = new StagedBlobs(writer);
        try
        {
            var package = archive.Expand(unused);
            return (package, package.Contents.Entries.Sum(entry => unused.SizeOf(entry.Root)));
        }
        finally
        {
            unused.Discard();
        }
    }

    BlobsDocument BlobList(Package package) => new(
    [
        Record(BlobsDocument.MetaPath, package.Hash),
        .. package.Contents.Entries.Select(entry => Record(entry.Path, entry.Root)),
    ]);

    BlobRecord Record(string path, Blobs.MerkleRoot root) => new(path, root, Blobs.SizeOf(root), Blobs.CompressedSizeOf(root));
}
