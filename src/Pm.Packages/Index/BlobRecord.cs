using Pm.Blobs;

namespace Pm.Packages.Index;

/// <summary>One blob of a package.</summary>
/// <param name="Path">Its path in the package; <c>meta/</c> for the <c>meta.far</c>.</param>
/// <param name="Root">Its name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="CompressedSize">Bytes of its compressed form in a repository; null when there is none.</param>
/// <param name="SourcePath">Where the build found it; "" when that does not matter.</param>
public sealed record BlobRecord(string Path, MerkleRoot Root, long Size, long? CompressedSize = null, string SourcePath = "");
