using System.Buffers;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>One run of <see cref="ParallelMerkle"/>: threads take segments of 256 blocks, each of which has one
/// node at level 1, and the nodes are joined at the end.</summary>
/// <remarks>Memory is a read buffer a thread and 32 bytes for 2 MiB of file.</remarks>
sealed class SegmentedHash(SafeFileHandle file, long length)
{
    const int SegmentSize = MerkleNode.Fanout * MerkleNode.BlockSize;

    readonly byte[] _nodes = new byte[(length + SegmentSize - 1) / SegmentSize * MerkleRoot.Size];
    long _next;
    ExceptionDispatchInfo? _failure;

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
        return Join();
    }

    /// <summary>Up to one segment the tree may have no level 1, and one thread is enough.</summary>
    MerkleRoot Small()
    {
        var hasher = new MerkleHasher();
        var buffer = ArrayPool<byte>.Shared.Rent(MerkleNode.ReadSize);
        try
        {
            while (hasher.Length < length)
            {
                var piece = buffer.AsSpan(0, (int)Math.Min(MerkleNode.ReadSize, length - hasher.Length));
                Fill(piece, hasher.Length);
                hasher.Append(piece);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hasher.Finish();
    }

    /// <summary>Hashes segments until none is left or a thread has failed. A thread's exception must not end the process.</summary>
    void Work()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MerkleNode.ReadSize);
        var leaves = ArrayPool<byte>.Shared.Rent(MerkleNode.BlockSize);
        try
        {
            for (long segment; _failure is null && (segment = Interlocked.Increment(ref _next) - 1) * SegmentSize < length;)
            {
                HashSegment(segment, buffer, leaves);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(leaves);
        }
    }

    void HashSegment(long segment, byte[] buffer, byte[] leaves)
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        var offset = segment * SegmentSize;
        var end = Math.Min(offset + SegmentSize, length);
        var filled = 0;
        while (offset < end)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(MerkleNode.ReadSize, end - offset));
            Fill(piece, offset);
            for (; !piece.IsEmpty; filled += MerkleRoot.Size)
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

    void Fill(Span<byte> piece, long offset)
    {
        for (var done = 0; done < piece.Length;)
        {
            var read = RandomAccess.Read(file, piece[done..], offset + done);
            done += read > 0 ? read : throw BlobMismatchException.TooShort("file", length, offset + done);
        }
    }
}
