using System.Text;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>What a publisher's <c>manifest.sha256</c> says beyond the members of its own <c>.pkg</c>.</summary>
public static class PkgManifest
{
    /// <summary>
    /// Whether whoever signed <paramref name="manifest"/> signed the package <paramref name="hash"/>: the digest of
    /// <c>package.merkle</c>, which is the hash in 64 digits, stands in it.
    /// </summary>
    public static bool Covers(ChecksumList manifest, MerkleRoot hash) =>
        manifest.TryFind(PkgNames.Hash, out var digest) && digest == Sha256Digest.Of(HashFile(hash));

    /// <summary>The content of <c>package.merkle</c>: 64 digits, no newline.</summary>
    public static byte[] HashFile(MerkleRoot hash) => Encoding.ASCII.GetBytes(hash.ToString());
}
