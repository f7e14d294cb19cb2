using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>Computes Merkle roots of bytes that come in pieces of any size. Not for two threads at once.</summary>
/// <remarks>Whole blocks are hashed where they lie; only the block a piece ends in is copied.</remarks>
public sealed class MerkleHasher
{
    readonly MerkleLevels _levels = new(lowest: 0);
    readonly byte[] _block = new byte[MerkleNode.BlockSize];
    int _filled;

    /// <summary>Bytes appended since the last <see cref="Finish"/>.</summary>
    public long Length { get; private set; }

    /// <exception cref="CodecException">libcrypto is not installed.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        if (_filled > 0)
        {
            var taken = Math.Min(data.Length, MerkleNode.BlockSize - _filled);
            Keep(data[..taken]);
            data = data[taken..];
            if (_filled == MerkleNode.BlockSize)
            {
                _filled = 0;
                Leaf(context, Length - MerkleNode.BlockSize, _block);
            }
        }

        for (; data.Length >= MerkleNode.BlockSize; data = data[MerkleNode.BlockSize..])
        {
            Leaf(context, Length, data[..MerkleNode.BlockSize]);
            Length += MerkleNode.BlockSize;
        }

        Keep(data);
    }

    /// <summary>The root of what was appended; then ready for the next blob.</summary>
    public MerkleRoot Finish()
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        if (_filled > 0 || Length == 0)
        {
            Leaf(context, Length - _filled, _block.AsSpan(0, _filled));
        }

        (_filled, Length) = (0, 0);
        return _levels.Finish(context);
    }

    void Keep(ReadOnlySpan<byte> data)
    {
        data.CopyTo(_block.AsSpan(_filled));
        _filled += data.Length;
        Length += data.Length;
    }

    void Leaf(DigestContext context, long offset, ReadOnlySpan<byte> block)
    {
        Span<byte> hash = stackalloc byte[MerkleRoot.Size];
        MerkleNode.HashLeaf(context, offset, block, hash);
        _levels.Add(context, hash);
    }
}
