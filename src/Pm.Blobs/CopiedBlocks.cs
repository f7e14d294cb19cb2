using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Pm.Blobs;

/// <summary>Reads a file into a buffer that stays in the second-level cache.</summary>
sealed class CopiedBlocks(SafeFileHandle file, long length) : IBlockSource
{
    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(MerkleNode.ReadSize);

    public ReadOnlySpan<byte> Read(long offset, long end)
    {
        var piece = _buffer.AsSpan(0, (int)Math.Min(MerkleNode.ReadSize, end - offset));
        for (var done = 0; done < piece.Length;)
        {
            var read = RandomAccess.Read(file, piece[done..], offset + done);
            done += read > 0 ? read : throw BlobMismatchException.TooShort("file", length, offset + done);
        }

        return piece;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
