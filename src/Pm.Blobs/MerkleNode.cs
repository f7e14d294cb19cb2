using System.Buffers.Binary;
using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>The one rule of the hash tree: how a node is hashed. Source: Fuchsia "Merkle Roots".</summary>
/// <remarks>
/// SHA-256 of u64le(offset | level), u32le(length), data, zeroes up to 8192. A leaf's offset and length are those of
/// its bytes in the blob; the length of any other node is always 8192, its offset its index times 8192.
/// </remarks>
static class MerkleNode
{
    /// <summary>Bytes a node covers: of the blob at level 0, of hashes above.</summary>
    internal const int BlockSize = 8192;

    /// <summary>Child hashes in a full node.</summary>
    internal const int Fanout = BlockSize / MerkleRoot.Size;

    /// <summary>Bytes to read at a time: whole blocks, few system calls, and small enough for the second-level cache.</summary>
    internal const int ReadSize = 16 * BlockSize;

    const int PrefixSize = sizeof(ulong) + sizeof(uint);

    static readonly byte[] Zeroes = new byte[BlockSize];

    /// <summary>How many nodes hash <paramref name="bytes"/> bytes; even nothing has one.</summary>
    internal static long Count(long bytes) => bytes == 0 ? 1 : (bytes / BlockSize) + (bytes % BlockSize != 0 ? 1 : 0);

    /// <summary>Hashes the block of the blob that begins at <paramref name="offset"/>. Only the empty blob's is empty.</summary>
    internal static void HashLeaf(
        DigestContext context, long offset, ReadOnlySpan<byte> block, Span<byte> digest)
    {
        // The empty blob is the one exception to the rule: its leaf is the prefix alone.
        var padding = block.IsEmpty ? 0 : BlockSize - block.Length;
        Hash(context, (ulong)offset, block.Length, block, padding, digest);
    }

    /// <summary>Hashes the node at <paramref name="index"/> of <paramref name="level"/> ≥ 1 over its children's hashes.</summary>
    internal static void HashInner(
        DigestContext context, int level, long index, ReadOnlySpan<byte> hashes, Span<byte> digest) =>
        Hash(context, ((ulong)index * BlockSize) | (uint)level, BlockSize, hashes, BlockSize - hashes.Length, digest);

    static void Hash(
        DigestContext context, ulong identity, int length, ReadOnlySpan<byte> data, int padding, Span<byte> digest)
    {
        Span<byte> prefix = stackalloc byte[PrefixSize];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, identity);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[sizeof(ulong)..], (uint)length);
        context.Restart();
        context.Append(prefix);
        context.Append(data);
        if (padding > 0)
        {
            context.Append(Zeroes.AsSpan(0, padding));
        }

        context.Finish(digest);
    }
}
