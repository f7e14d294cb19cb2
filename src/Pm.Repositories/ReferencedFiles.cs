using Pm.Blobs;
using Pm.Linux;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Which files below <c>repository/</c> the present state names.</summary>
static class ReferencedFiles
{
    /// <summary>Superseded versions that stay, for clients that are in the middle of a pull.</summary>
    const int KeptVersions = 5;

    /// <exception cref="RepositoryException">PM5008: a list of blobs is missing or damaged.</exception>
    public static HashSet<string> Of(DirectoryHandle served, RepositoryState state)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal)
        {
            RepositoryLayout.Available,
            RepositoryLayout.Available + RepositoryLayout.SiblingSuffix,
            RepositoryLayout.Metadata("timestamp"),
        };
        foreach (var (role, version) in ((string, long)[])[
            ("root", state.Root.Version), ("targets", state.Targets.Version), ("snapshot", state.Snapshot.Version)])
        {
            paths.Add(RepositoryLayout.Metadata(role));

            // Every root, because clients walk their chain (TUF 6.1).
            var oldest = role == "root" ? 1 : Math.Max(1, version - KeptVersions);
            for (var kept = oldest; kept <= version; kept++)
            {
                AddMetadata(paths, RepositoryLayout.Metadata(role, kept));
            }
        }

        AddBins(paths, served, state);
        foreach (var (target, file) in state.All())
        {
            Add(paths, served, target, file);
        }

        return paths;
    }

    /// <summary>The blobs of a package with their sizes and those of their siblings, the list itself among them.</summary>
    /// <exception cref="RepositoryException">PM5008: the list is missing or damaged.</exception>
    public static IEnumerable<(MerkleRoot Root, long Size, long? CompressedSize)> Blobs(DirectoryHandle served, PublishedTarget target)
    {
        if (target.BlobList is not { } list)
        {
            return [];
        }

        var bytes = ReadBlob(served, list.Root);
        if (bytes is null || MerkleRoot.Of(bytes) != list.Root)
        {
            throw new RepositoryException("PM5008",
                $"{served.Path}/{RepositoryLayout.Blobs}/{list.Root}: the list of blobs of {target.Package.Id} is "
                + (bytes is null ? "missing" : "damaged"), "pm repo verify DIR");
        }

        return BlobsDocument.Parse(bytes).Blobs.Select(blob => (blob.Root, blob.Size, blob.CompressedSize))
            .Append((list.Root, list.SizeInBytes, target.BlobListCompressedSize));
    }

    /// <summary>The bins that the kept snapshots name: one that seldom changes has no older version that anybody asks for.</summary>
    static void AddBins(HashSet<string> paths, DirectoryHandle served, RepositoryState state)
    {
        for (var version = Math.Max(1, state.Snapshot.Version - KeptVersions); version <= state.Snapshot.Version; version++)
        {
            var name = RepositoryLayout.Metadata("snapshot", version);
            if (served.TryReadFile(name, MetadataLimits.Any) is { } bytes)
            {
                AddBins(paths, bytes, name);
            }
        }
    }

    static void AddBins(HashSet<string> paths, byte[] snapshot, string name)
    {
        try
        {
            foreach (var (file, meta) in SnapshotMetadata.Parse(SignedDocument.Parse(snapshot, name, MetadataLimits.Any).Body).Meta)
            {
                AddMetadata(paths, $"{meta.Version}.{file}");
            }
        }
        catch (TrustException)
        {
            // An older one that is damaged names nothing that anybody could ask for; of the present one the metadata's check tells.
        }
    }

    static void AddMetadata(HashSet<string> paths, string name)
    {
        paths.Add(name);
        paths.Add(name + RepositoryLayout.SiblingSuffix);
    }

    static void Add(HashSet<string> paths, DirectoryHandle served, PublishedTarget target, TargetFile file)
    {
        paths.Add(RepositoryLayout.TargetFile(target.TargetPath, file));
        paths.Add(target.PkgName);
        foreach (var (root, _, compressed) in Blobs(served, target))
        {
            paths.Add(RepositoryLayout.Blob(root));
            if (compressed is not null)
            {
                paths.Add(RepositoryLayout.Sibling(root));
            }
        }

        if (target.Package is { Hash: { } hash, Signer: not null })
        {
            var directory = RepositoryLayout.SignatureDirectory(hash);
            paths.Add($"{directory}/{RepositoryLayout.Manifest}");
            paths.Add($"{directory}/{RepositoryLayout.ManifestSignature}");
        }

        if (target.Package.Signer is { } signer)
        {
            paths.Add($"{RepositoryLayout.Publishers}/{signer}.asc");
        }
    }

    static byte[]? ReadBlob(DirectoryHandle served, MerkleRoot root)
    {
        using var blobs = served.TryOpenBeneath(RepositoryLayout.Blobs);
        return blobs?.TryReadFile(root.ToString(), BlobsDocument.MaximumSize);
    }
}
