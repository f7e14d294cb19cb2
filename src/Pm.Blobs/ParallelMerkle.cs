using Microsoft.Win32.SafeHandles;

namespace Pm.Blobs;

/// <summary>The Merkle root of a file, by several threads.</summary>
public static class ParallelMerkle
{
    /// <summary>Hashes the first <paramref name="length"/> bytes of <paramref name="file"/>, which must be seekable.</summary>
    /// <exception cref="BlobMismatchException">The file is shorter.</exception>
    public static MerkleRoot Of(SafeFileHandle file, long length, int threads)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        return new SegmentedHash(file, length).Run(threads);
    }
}
