using Pm.Blobs;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Names in a repository's directory. Source: docs/formats/repository.md; Fuchsia's pm, go-tuf's local store.</summary>
static class RepositoryLayout
{
    public const string Keys = "keys";
    public const string Staged = "staged";
    public const string Served = "repository";
    public const string State = "pmd";
    public const string LockName = "lock";
    public const string Blobs = "blobs";
    public const string SiblingSuffix = ".zst";
    public const string Index = "index";

    /// <summary>A change that waits for signatures.</summary>
    public const string Pending = "pending.json";
    public const string Targets = "targets";
    public const string Signatures = "signatures";
    public const string Publishers = "publishers";
    public const string Available = "available.json";
    public const string Manifest = "manifest.sha256";
    public const string ManifestSignature = "manifest.sha256.asc";

    /// <summary>0755: everything served is public.</summary>
    public const int ServedDirectoryMode = 0x1ed;

    /// <summary>0644.</summary>
    public const int ServedFileMode = 0x1a4;

    /// <summary>0700.</summary>
    public const int KeyDirectoryMode = 0x1c0;

    /// <summary>0600.</summary>
    public const int KeyFileMode = 0x180;

    /// <summary><c>root.json</c>, or <c>3.root.json</c>.</summary>
    public static string Metadata(string role, long? version = null) =>
        version is { } number ? $"{number}.{role}.json" : $"{role}.json";

    public static string SignatureDirectory(MerkleRoot hash) => $"{Signatures}/{hash}";

    public static string Blob(MerkleRoot root) => $"{Blobs}/{root}";

    /// <summary>Its compressed form.</summary>
    public static string Sibling(MerkleRoot root) => $"{Blobs}/{SiblingName(root)}";

    public static string SiblingName(MerkleRoot root) => root + SiblingSuffix;

    /// <summary>Below the served directory.</summary>
    public static string TargetFile(string targetPath, TargetFile file) => $"{Targets}/{file.ConsistentPath(targetPath)}";

    /// <summary>Splits <c>a/b/c</c> into the directory <c>a/b</c> ("" at the top) and <c>c</c>.</summary>
    public static (string Directory, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }
}
