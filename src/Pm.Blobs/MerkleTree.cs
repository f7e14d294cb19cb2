using System.Buffers;
using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>All hashes of a blob's tree, with which any range of its blocks can be checked without the rest.</summary>
/// <remarks>32 bytes of memory for 8 KiB of blob. Source: Fuchsia "Merkle Roots", blobfs for the stored form.</remarks>
public sealed class MerkleTree
{
    /// <summary>The longest blob a tree is kept for: half a tebibyte, whose leaf hashes fill one array.</summary>
    public const long MaximumLength = (1L << 26) * MerkleNode.BlockSize - MerkleNode.BlockSize;

    readonly byte[][] _levels;

    MerkleTree(byte[][] levels, long length)
    {
        _levels = levels;
        Length = length;
    }

    /// <summary>The blob's root.</summary>
    public MerkleRoot Root => new(_levels[^1]);

    /// <summary>The blob's length in bytes.</summary>
    public long Length { get; }

    /// <summary>How many levels the tree has: 1 where the root is the hash of the only leaf.</summary>
    public int Levels => _levels.Length;

    /// <summary>The hashes of one level, 32 bytes each, in order: 0 are the leaves', the last is the root.</summary>
    public ReadOnlySpan<byte> Hashes(int level) => _levels[level];

    /// <summary>Hashes what <paramref name="stream"/> yields until its end.</summary>
    /// <exception cref="ArgumentException">It yields more than <see cref="MaximumLength"/>.</exception>
    public static MerkleTree Build(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var leaves = new ArrayBufferWriter<byte>(MerkleNode.BlockSize);
        var buffer = ArrayPool<byte>.Shared.Rent(MerkleNode.ReadSize);
        long length = 0;
        try
        {
            for (int read; (read = stream.ReadAtLeast(buffer.AsSpan(0, MerkleNode.ReadSize), MerkleNode.ReadSize, false)) > 0;)
            {
                CheckLength(length + read);
                AddLeaves(leaves, length, buffer.AsSpan(0, read));
                length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (length == 0)
        {
            AddLeaf(leaves, 0, []);
        }

        return new MerkleTree(LevelsOver(leaves.WrittenSpan.ToArray()), length);
    }

    /// <summary>Whether <paramref name="blocks"/> are the blob's bytes from <paramref name="offset"/> on.</summary>
    /// <param name="offset">A multiple of 8192 within the blob.</param>
    /// <param name="blocks">Whole blocks of 8192 bytes; the last may be short where the blob ends.</param>
    /// <returns>False for other bytes as well as for a range that is not one of whole blocks of the blob.</returns>
    public bool Verifies(long offset, ReadOnlySpan<byte> blocks)
    {
        if (offset < 0 || offset % MerkleNode.BlockSize != 0 || offset > Length || blocks.Length > Length - offset)
        {
            return false;
        }

        if (blocks.Length % MerkleNode.BlockSize != 0 && offset + blocks.Length != Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[MerkleRoot.Size];
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        for (var done = 0; done < blocks.Length; done += MerkleNode.BlockSize)
        {
            var block = blocks[done..Math.Min(done + MerkleNode.BlockSize, blocks.Length)];
            MerkleNode.HashLeaf(context, offset + done, block, hash);
            if (!hash.SequenceEqual(Hash(0, (offset + done) / MerkleNode.BlockSize)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The stored form: every level but the root's, leaves first, each padded with zeroes to whole blocks.</summary>
    /// <remarks>Nothing for a blob of at most one block.</remarks>
    public byte[] ToBytes()
    {
        var bytes = new byte[StoredSize(Length)];
        long position = 0;
        foreach (var level in _levels[..^1])
        {
            level.CopyTo(bytes.AsSpan((int)position));
            position += MerkleNode.Count(level.Length) * MerkleNode.BlockSize;
        }

        return bytes;
    }

    /// <summary>The size in bytes of what <see cref="ToBytes"/> gives for a blob of <paramref name="length"/> bytes.</summary>
    public static long StoredSize(long length)
    {
        CheckLength(length);
        long size = 0;
        for (var hashes = MerkleNode.Count(length); hashes > 1;)
        {
            hashes = MerkleNode.Count(hashes * MerkleRoot.Size);
            size += hashes * MerkleNode.BlockSize;
        }

        return size;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote and checks every hash in it up to <paramref name="root"/>.</summary>
    /// <exception cref="BlobMismatchException">It is not the tree of a blob of that length and root.</exception>
    public static MerkleTree Parse(ReadOnlySpan<byte> bytes, long length, MerkleRoot root)
    {
        if (bytes.Length != StoredSize(length))
        {
            throw BlobMismatchException.Tree(
                root, $"{bytes.Length} bytes, {StoredSize(length)} fit a blob of {length} bytes");
        }

        if (bytes.IsEmpty)
        {
            return new MerkleTree([root.Bytes.ToArray()], length);
        }

        var size = (int)MerkleNode.Count(length) * MerkleRoot.Size;
        var stored = (int)MerkleNode.Count(size) * MerkleNode.BlockSize;
        var levels = LevelsOver(bytes[..size].ToArray());
        var tree = new MerkleTree(levels, length);
        if (tree.Root != root)
        {
            throw BlobMismatchException.Tree(root, $"its leaves have the root {tree.Root}");
        }

        // The leaves determine the rest, so what is stored above them and in the padding has one right value.
        return tree.ToBytes().AsSpan().SequenceEqual(bytes)
            ? tree
            : throw BlobMismatchException.Tree(root, $"what follows the leaf hashes (byte {size} of {stored}) is not theirs");
    }

    static void AddLeaves(ArrayBufferWriter<byte> leaves, long offset, ReadOnlySpan<byte> data)
    {
        for (var done = 0; done < data.Length; done += MerkleNode.BlockSize)
        {
            AddLeaf(leaves, offset + done, data[done..Math.Min(done + MerkleNode.BlockSize, data.Length)]);
        }
    }

    static void AddLeaf(ArrayBufferWriter<byte> leaves, long offset, ReadOnlySpan<byte> block)
    {
        MerkleNode.HashLeaf(DigestContext.OfThread(DigestAlgorithm.Sha256), offset, block, leaves.GetSpan(MerkleRoot.Size));
        leaves.Advance(MerkleRoot.Size);
    }

    static byte[][] LevelsOver(byte[] leaves)
    {
        var context = DigestContext.OfThread(DigestAlgorithm.Sha256);
        List<byte[]> levels = [leaves];
        while (levels[^1].Length > MerkleRoot.Size)
        {
            levels.Add(LevelOver(context, levels[^1], levels.Count));
        }

        return [.. levels];
    }

    static byte[] LevelOver(DigestContext context, byte[] below, int level)
    {
        var hashes = new byte[MerkleNode.Count(below.Length) * MerkleRoot.Size];
        for (var node = 0; node * MerkleRoot.Size < hashes.Length; node++)
        {
            var start = node * MerkleNode.BlockSize;
            MerkleNode.HashInner(
                context, level, node, below.AsSpan(start, Math.Min(MerkleNode.BlockSize, below.Length - start)),
                hashes.AsSpan(node * MerkleRoot.Size, MerkleRoot.Size));
        }

        return hashes;
    }

    static void CheckLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength);
    }

    ReadOnlySpan<byte> Hash(int level, long index) =>
        _levels[level].AsSpan((int)index * MerkleRoot.Size, MerkleRoot.Size);
}
