using System.Buffers;
using System.Runtime.ExceptionServices;
using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>One run of <see cref="ParallelMerkle"/>: threads take segments of 256 blocks, each of which has one
/// node at level 1, and the nodes are joined at the end.</summary>
/// <remarks>Memory is what a source needs a thread, and 32 bytes for 2 MiB of file.</remarks>
sealed class SegmentedHash(Func<IBlockSource> open, long length, CancellationToken cancellation)
{
    const int SegmentSize = MerkleNode.Fanout * MerkleNode.BlockSize;

    readonly byte[] _nodes = new byte[(length + SegmentSize - 1) / SegmentSize * MerkleRoot.Size];
    long _next;
    volatile ExceptionDispatchInfo? _failure;

    internal MerkleRoot Run(int threads)
    {
        if (length <= SegmentSize)
        {
            return Small();
        }

        var others = new Thread[Math.Min(threads, _nodes.Length / MerkleRoot.Size) - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Work) { IsBackground = true, Name = "merkle" };
            others[i].Start();
        }

        Work();
        Array.ForEach(others, thread => thread.Join());
        _failure?.Throw();
        cancellation.ThrowIfCancellationRequested();
        return Join();
    }

    /// <summary>Up to one segment the tree may have no level 1, and one thread is enough.</summary>
    MerkleRoot Small()
    {
        using var source = open();
        var hasher = new MerkleHasher();
        while (hasher.Length < length)
        {
            hasher.Append(source.Read(hasher.Length, length));
        }

        return hasher.Finish();
    }

    /// <summary>Hashes segments until none is left or a thread has failed.</summary>
    void Work()
    {
        var leaves = ArrayPool<byte>.Shared.Rent(MerkleNode.BlockSize);
        try
        {
            using var source = open();
            while (_failure is null && !cancellation.IsCancellationRequested && Interlocked.Increment(ref _next) - 1 is var segment && segment * SegmentSize < length)
            {
                HashSegment(source, segment, leaves);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the thread that asked: here it would end the process.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(leaves);
        }
    }

    void HashSegment(IBlockSource source, long segment, byte[] leaves)
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        var offset = segment * SegmentSize;
        var end = Math.Min(offset + SegmentSize, length);
        var filled = 0;
        while (offset < end)
        {
            for (var piece = source.Read(offset, end); !piece.IsEmpty; filled += MerkleRoot.Size)
            {
                var block = piece[..Math.Min(MerkleNode.BlockSize, piece.Length)];
                MerkleNode.HashLeaf(context, offset, block, leaves.AsSpan(filled, MerkleRoot.Size));
                offset += block.Length;
                piece = piece[block.Length..];
            }
        }

        MerkleNode.HashInner(
            context, 1, segment, leaves.AsSpan(0, filled), _nodes.AsSpan((int)segment * MerkleRoot.Size, MerkleRoot.Size));
    }

    MerkleRoot Join()
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        var levels = new MerkleLevels(lowest: 1);
        for (var i = 0; i < _nodes.Length; i += MerkleRoot.Size)
        {
            levels.Add(context, _nodes.AsSpan(i, MerkleRoot.Size));
        }

        return levels.Finish(context);
    }
}
