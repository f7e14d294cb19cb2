using Pm.Blobs;

namespace Pm.Packages;

/// <summary>A blob being written, hashed on the way. Disposed without <see cref="Commit"/> it is discarded.</summary>
public interface IBlobWriter : IDisposable
{
    void Append(ReadOnlySpan<byte> data);

    /// <summary>Ends the blob, keeps it and says its root.</summary>
    MerkleRoot Commit();
}
