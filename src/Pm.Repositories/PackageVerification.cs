using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Checks one published package: its target file, its <c>.pkg</c>, its signature's manifest, its list of blobs.</summary>
sealed class PackageVerification(DirectoryHandle served,
    Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision>? judge, Action<RepositoryFinding> report)
{
    const int MaximumManifest = 256 * 1024 * 1024;

    public void Run(PublishedTarget target, TargetFile file, ref long hashed)
    {
        VerifyTarget(target, file);
        VerifySignature(target);
        VerifyBlobList(target);
        hashed += VerifyPkg(target);
    }

    void VerifyTarget(PublishedTarget target, TargetFile file)
    {
        var path = RepositoryLayout.TargetFile(target.TargetPath, file);
        if (target.Package.Hash is not { } hash || Read(path, Package.MaximumSize) is not { } bytes)
        {
            return;
        }

        if (bytes.Length != file.Length || !file.Hashes.Match(bytes, out _))
        {
            Damaged(path, $"not the meta.far of {target.Package.Id} that was signed");
            return;
        }

        try
        {
            var package = Package.Open(bytes, hash);
            if (package.Id != target.Package.Id)
            {
                Damaged(path, $"expected {target.Package.Id}, it is {package.Id}");
            }
        }
        catch (PackageFormatException exception)
        {
            Damaged(path, exception.Message);
        }
    }

    void VerifySignature(PublishedTarget target)
    {
        if (target.Package is not { Hash: { } hash, Signer: not null })
        {
            return;
        }

        var directory = RepositoryLayout.SignatureDirectory(hash);
        var signaturePath = $"{directory}/{RepositoryLayout.ManifestSignature}";
        var signature = Read(signaturePath, MaximumManifest);
        var path = $"{directory}/{RepositoryLayout.Manifest}";
        if (Read(path, MaximumManifest) is not { } manifest)
        {
            return;
        }

        if (signature is not null && judge?.Invoke(manifest, signature) is SignerDecision.Refused refused)
        {
            Damaged(signaturePath, refused.Message);
        }

        try
        {
            if (!PkgManifest.Covers(ChecksumList.Parse(manifest, path), hash))
            {
                Damaged(path, $"it does not state the package hash {hash}");
            }
        }
        catch (PackageFormatException exception)
        {
            Damaged(path, exception.Message);
        }
    }

    void VerifyBlobList(PublishedTarget target)
    {
        try
        {
            _ = ReferencedFiles.Blobs(served, target).ToList();
        }
        catch (RepositoryException exception)
        {
            Damaged($"{RepositoryLayout.Blobs}/{target.BlobList!.Value.Root}", exception.Message);
        }
    }

    long VerifyPkg(PublishedTarget target)
    {
        if (target.PkgDigest is not { } expected)
        {
            return 0;
        }

        try
        {
            using var file = served.TryOpenRead(target.PkgName);
            if (file is null)
            {
                Missing(target.PkgName);
                return 0;
            }

            using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
            var actual = Sha256Digest.Of(stream);
            if (actual != expected)
            {
                Damaged(target.PkgName, $"expected sha256 {expected}, got {actual}");
            }

            return stream.Length;
        }
        catch (SystemCallException exception)
        {
            Damaged(target.PkgName, exception.Message);
            return 0;
        }
    }

    byte[]? Read(string path, int limit)
    {
        var (parent, name) = RepositoryLayout.Split(path);
        try
        {
            using var directory = served.TryOpenBeneath(parent);
            var bytes = directory?.TryReadFile(name, limit);
            if (bytes is null)
            {
                Missing(path);
            }

            return bytes;
        }
        catch (SystemCallException exception)
        {
            Damaged(path, exception.Message);
            return null;
        }
    }

    void Missing(string path) =>
        report(new RepositoryFinding(FindingKind.Missing, $"{RepositoryLayout.Served}/{path}", "signed metadata names it"));

    void Damaged(string path, string message) =>
        report(new RepositoryFinding(FindingKind.Damaged, $"{RepositoryLayout.Served}/{path}", message));
}
