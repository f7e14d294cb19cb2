using System.Text;
using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary><c>bom.sha256</c> against the files that <c>root.tar</c> really has. Source: docs/formats/pkg.md, "bom".</summary>
static class Bom
{
    static readonly Sha256Digest Nothing = Sha256Digest.Of([]);

    /// <summary>Checks that each file is listed with its digest and that nothing else is.</summary>
    /// <remarks>
    /// The original lists symlinks and hard links with the digest of nothing; <c>find -type f</c> leaves symlinks
    /// out, and sha256sum follows them. All of these are accepted, since none can hide a file.
    /// </remarks>
    /// <exception cref="PackageFormatException">PM2303.</exception>
    public static void Check(ChecksumList bom, RootTar root, string where)
    {
        var files = new Dictionary<string, RootTarEntry>(StringComparer.Ordinal);
        foreach (var entry in root.Entries)
        {
            files[entry.Path] = entry;
            if (bom.TryFind(entry.Path, out var digest))
            {
                continue;
            }

            if (entry.Kind == EntryKind.File)
            {
                throw PkgFault.Bom(where, $"`{PathText.Show(entry.Path)}` is in root.tar, but not listed");
            }
        }

        foreach (var (name, digest) in bom.Entries)
        {
            if (!files.TryGetValue(name, out var entry))
            {
                throw PkgFault.Bom(where, $"`{PathText.Show(name)}` is listed, but not in root.tar");
            }

            if (!Accepts(entry, digest, files))
            {
                throw PkgFault.Bom(where, $"`{PathText.Show(name)}`: expected {digest}, got {entry.Digest}");
            }
        }
    }

    static bool Accepts(RootTarEntry entry, Sha256Digest digest, Dictionary<string, RootTarEntry> files) =>
        entry.Digest == digest
        || (entry.IsHardLink && digest == Nothing)
        || (entry.LinkTarget is { } target
            && (digest == Sha256Digest.Of(Encoding.UTF8.GetBytes(target)) || digest == Followed(entry.Path, target, files)));

    // One link, not a chain: that is as far as a bom made by hand can be expected to go.
    static Sha256Digest? Followed(string path, string target, Dictionary<string, RootTarEntry> files)
    {
        var at = new List<string>(path.Split('/')[..^1]);
        foreach (var segment in target.Split('/'))
        {
            if (segment == ".." && at.Count > 0)
            {
                at.RemoveAt(at.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                at.Add(segment);
            }
        }

        return files.TryGetValue(string.Join('/', at), out var file) ? file.Digest : null;
    }
}
