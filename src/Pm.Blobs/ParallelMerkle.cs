using Microsoft.Win32.SafeHandles;

namespace Pm.Blobs;

/// <summary>The Merkle root of a file, by several threads.</summary>
public static class ParallelMerkle
{
    /// <summary>The longest file that is hashed: 64 TiB, whose nodes at level 1 fill half of the largest array.</summary>
    public const long MaximumLength = 1L << 46;

    /// <summary>Hashes the first <paramref name="length"/> bytes of <paramref name="file"/>.</summary>
    /// <param name="file">A regular file open for reading.</param>
    /// <param name="length">In bytes, 0..<see cref="MaximumLength"/>.</param>
    /// <param name="threads">How many hash at once, the calling one included; a small file gets fewer.</param>
    /// <param name="reading">How the bytes come into memory.</param>
    /// <param name="cancellation">Looked at every 2 MiB.</param>
    /// <exception cref="BlobMismatchException">The file is shorter.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public static MerkleRoot Of(
        SafeFileHandle file, long length, int threads, FileReading reading = FileReading.Copied, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);

        // Nothing cannot be mapped.
        return reading == FileReading.Mapped && length > 0
            ? new SegmentedHash(() => new MappedBlocks(file, length), length, cancellation).Run(threads)
            : new SegmentedHash(() => new CopiedBlocks(file, length), length, cancellation).Run(threads);
    }
}
