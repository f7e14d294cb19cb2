using Pm.Blobs;
using Pm.Linux;
using Pm.Packages.Index;

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
                paths.Add(RepositoryLayout.Metadata(role, kept));
            }
        }

        foreach (var target in state.Packages.Values)
        {
            Add(paths, served, state, target);
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

    static void Add(HashSet<string> paths, DirectoryHandle served, RepositoryState state, PublishedTarget target)
    {
        paths.Add(RepositoryLayout.TargetFile(target.TargetPath, state.Targets.Targets[target.TargetPath]));
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
