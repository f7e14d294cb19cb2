using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage;

/// <content>Packages: <c>packages/&lt;hash&gt;/meta.far</c> and what was signed.</content>
public sealed partial class Store
{
    /// <summary>A meta.far holds paths and scripts, no content; more is not one of ours.</summary>
    public const int MaximumMetaSize = 256 * 1024 * 1024;

    const string MetaFile = "meta.far";
    const string ManifestFile = "manifest.sha256";
    const string SignatureFile = "manifest.sha256.asc";
    const int MaximumManifestSize = 64 * 1024 * 1024;
    const int MaximumSignatureSize = 1024 * 1024;
    const int FileMode = 0b110_100_100;

    /// <summary>Whether the package's own metadata is here. Its blobs are another question.</summary>
    public bool Contains(MerkleRoot package) =>
        _pending.NameOf(package) is not null || OpenPackage(package) is { } found && Close(found);

    /// <summary>Reads a package; null when it is not here.</summary>
    /// <exception cref="PackageFormatException">Its file is damaged.</exception>
    public Package? Find(MerkleRoot hash)
    {
        using var directory = OpenPackage(hash);
        var bytes = directory?.TryReadFile(MetaFile, MaximumMetaSize);
        return bytes is null ? null : Package.OpenAgain(bytes, hash);
    }

    /// <summary>Reads a package that must be here.</summary>
    /// <exception cref="StoreException">PM4004: it is not.</exception>
    /// <exception cref="PackageFormatException">Its file is damaged.</exception>
    public Package Require(MerkleRoot hash) =>
        Find(hash) ?? throw new StoreException("PM4004", $"package {hash} is not in the store", "pm verify --repair");

    /// <summary>What the publisher signed for this package; null when nothing was kept.</summary>
    public SignatureFiles? FindSignature(MerkleRoot hash)
    {
        using var directory = OpenPackage(hash);
        return directory?.TryReadFile(ManifestFile, MaximumManifestSize) is { } manifest
            && directory.TryReadFile(SignatureFile, MaximumSignatureSize) is { } signature
            ? new SignatureFiles(manifest, signature)
            : null;
    }

    /// <summary>Keeps a package; it becomes durable and visible to others with <see cref="Sync"/>.</summary>
    /// <param name="package">Its blobs are kept separately, through <see cref="Create(bool)"/>.</param>
    /// <param name="signature">Already checked by the caller; a newer one takes the place of an older.</param>
    public void Save(Package package, SignatureFiles? signature = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        using var found = OpenPackage(package.Hash);
        if (found?.Status(MetaFile) is not null)
        {
            if (signature is not null)
            {
                Replace(found, signature);
            }
            return;
        }
        var name = _pending.NextName();
        using var directory = _pending.Directory().OpenOrMakeBeneath(name, DirectoryMode);
        Write(directory, MetaFile, package.MetaFar.Span);
        if (signature is not null)
        {
            Write(directory, ManifestFile, signature.Manifest.Span);
            Write(directory, SignatureFile, signature.Signature.Span);
        }
        _pending.Add(package.Hash, name);
    }

    /// <summary>Every package that is here and published.</summary>
    public IReadOnlyList<MerkleRoot> Packages()
    {
        using var packages = _top.TryOpenBeneath(PackagesDirectory);
        return packages is null ? [] : [.. packages.Entries()
            .Select(e => MerkleRoot.TryParse(e.Name, null, out var hash) ? hash : (MerkleRoot?)null)
            .OfType<MerkleRoot>()];
    }

    internal DirectoryHandle? OpenPackage(MerkleRoot hash) =>
        _pending.NameOf(hash) is { } name
            ? _pending.Directory().TryOpenBeneath(name)
            : _top.TryOpenBeneath($"{PackagesDirectory}/{hash}");

    /// <summary>
    /// A crash between the steps leaves a package without a signature, which is asked for again; never a signature that
    /// belongs to another manifest.
    /// </summary>
    static void Replace(DirectoryHandle directory, SignatureFiles signature)
    {
        if (directory.TryReadFile(SignatureFile, MaximumSignatureSize) is { } kept)
        {
            if (signature.Signature.Span.SequenceEqual(kept))
            {
                return;
            }
            directory.Unlink(SignatureFile);
            directory.Sync();
        }
        DurableFile.Replace(directory, ManifestFile, signature.Manifest.Span);
        DurableFile.Replace(directory, SignatureFile, signature.Signature.Span);
    }

    static void Write(DirectoryHandle directory, string name, ReadOnlySpan<byte> content)
    {
        using var file = directory.CreateFile(name, FileMode);
        FileWriting.Write(file, content);
    }

    static bool Close(DirectoryHandle directory)
    {
        directory.Dispose();
        return true;
    }
}
