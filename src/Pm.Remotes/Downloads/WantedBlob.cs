using Pm.Blobs;

namespace Pm.Remotes.Downloads;

/// <summary>A blob to be fetched.</summary>
/// <param name="Root">Its name.</param>
/// <param name="Size">In bytes, as signed; null where only the root is.</param>
/// <param name="CompressedSize">Of its compressed sibling, as signed; null where there is none.</param>
public readonly record struct WantedBlob(MerkleRoot Root, long? Size, long? CompressedSize)
{
    /// <summary>Bytes that it has at most where its size is not signed: no package is as large.</summary>
    public long MaximumSize { get; init; } = RepositoryClient.MaximumUnsignedPkg;

    /// <summary>Bytes that come over the line; null where that is not known.</summary>
    public long? TransferSize => CompressedSize ?? Size;

    /// <summary>The same, as it is and not compressed.</summary>
    public WantedBlob Plain => this with { CompressedSize = null };
}
