using Pm.Blobs;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>Blobs and their trees, as an untrusted place would send them.</summary>
static class BlobTargets
{
    static readonly int[] Lengths = [0, 1, 8192, 8193, 20_000];

    const int Head = sizeof(long) + MerkleRoot.Size;

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("merkle-tree", ReadTree)
        {
            Seeds = () => Blobs().Select(blob => MerkleTree.Build(new MemoryStream(blob))).Select(tree => WithHead(tree.Length, tree.Root, tree.ToBytes())),
            Allowed = [typeof(BlobMismatchException)],
            Words = Words.Binary,
            MaximumLength = 256 << 10,
        },
        new("verified-stream", ReadVerified)
        {
            Seeds = () => Blobs().SelectMany(blob => new[] { WithHead(blob.Length, MerkleRoot.Of(blob), blob), WithHead(-1, MerkleRoot.Of(blob), blob) }),
            Allowed = [typeof(BlobMismatchException)],
            Words = Words.Binary,
            MaximumLength = 32 << 10,
        },
    ];

    static IEnumerable<byte[]> Blobs() => Lengths.Select(length => Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray());

    static byte[] WithHead(long length, MerkleRoot root, byte[] rest) => [.. BitConverter.GetBytes(length), .. root.Bytes, .. rest];

    static void ReadTree(byte[] bytes)
    {
        if (bytes.Length >= Head)
        {
            // A length is a number from signed metadata: never negative.
            var length = Math.Abs(BitConverter.ToInt64(bytes) % MerkleTree.MaximumLength);
            var tree = MerkleTree.Parse(bytes.AsSpan(Head), length, new MerkleRoot(bytes.AsSpan(sizeof(long), MerkleRoot.Size)));
            Assert.Equal(bytes[Head..], tree.ToBytes());
        }
    }

    /// <summary>A length below zero stands for none.</summary>
    static void ReadVerified(byte[] bytes)
    {
        if (bytes.Length >= Head)
        {
            var length = BitConverter.ToInt64(bytes);
            var root = new MerkleRoot(bytes.AsSpan(sizeof(long), MerkleRoot.Size));
            using var stream = new VerifiedStream(new MemoryStream(bytes[Head..]), root, length < 0 ? null : length, "x");
            var count = Reading.Drain(stream, long.MaxValue);
            Assert.Equal(bytes.Length - Head, count);
            Assert.True(stream.IsVerified);
            Assert.Equal(MerkleRoot.Of(bytes.AsSpan(Head)), root);
        }
    }
}
