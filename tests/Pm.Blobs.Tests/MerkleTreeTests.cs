using Xunit;

namespace Pm.Blobs.Tests;

public class MerkleTreeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(8192, 0)]
    [InlineData(8193, 1)]
    [InlineData(2097152, 1)]
    [InlineData(2097153, 3)]
    [InlineData(2105344, 3)]
    public void The_stored_form_has_as_many_blocks_as_blobfs_counts(int length, int blocks)
    {
        var tree = Tree(new byte[length]);

        Assert.Equal(blocks * 8192, tree.ToBytes().Length);
        Assert.Equal(blocks * 8192, MerkleTree.StoredSize(length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8192)]
    [InlineData(100_000)]
    [InlineData(2_200_000)]
    public void A_stored_tree_is_read_back(int length)
    {
        var data = MerkleHasherTests.Bytes(new Random(length), length);
        var tree = Tree(data);

        var read = MerkleTree.Parse(tree.ToBytes(), length, tree.Root);

        Assert.Equal((tree.Root, tree.Length, tree.Levels), (read.Root, read.Length, read.Levels));
        Assert.True(read.Verifies(0, data));
    }

    [Fact]
    public void A_change_anywhere_in_a_stored_tree_is_refused()
    {
        var tree = Tree(MerkleHasherTests.Bytes(new Random(1), 2_200_000));
        var stored = tree.ToBytes();
        for (var position = 0; position < stored.Length; position += 61)
        {
            stored[position] ^= 1;
            Assert.Equal("PM2503", Refusal(stored, tree.Length, tree.Root));
            stored[position] ^= 1;
        }

        MerkleTree.Parse(stored, tree.Length, tree.Root);
    }

    [Fact]
    public void A_stored_tree_of_another_size_or_root_is_refused()
    {
        var tree = Tree(new byte[100_000]);
        var stored = tree.ToBytes();

        Assert.Equal("PM2503", Refusal(stored[..^1], tree.Length, tree.Root));
        Assert.Equal("PM2503", Refusal([.. stored, 0], tree.Length, tree.Root));
        Assert.Equal("PM2503", Refusal([], tree.Length, tree.Root));
        Assert.Equal("PM2503", Refusal(stored, 8192, tree.Root));
        Assert.Equal("PM2503", Refusal(stored, 90_000, tree.Root));
        Assert.Equal("PM2503", Refusal(stored, tree.Length, MerkleRoot.Empty));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Parse(stored, -1, tree.Root));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Parse(stored, long.MaxValue, tree.Root));
    }

    [Fact]
    public void Any_range_of_whole_blocks_is_verified_and_no_changed_one()
    {
        var random = new Random(2);
        var data = MerkleHasherTests.Bytes(random, (300 * 8192) + 77);
        var tree = Tree(data);
        for (var round = 0; round < 200; round++)
        {
            var start = random.Next(301) * 8192;
            var end = Math.Min(data.Length, start + (random.Next(1, 20) * 8192));
            var range = data[start..end];

            Assert.True(tree.Verifies(start, range));

            range[random.Next(range.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(tree.Verifies(start, range));
        }
    }

    [Fact]
    public void A_block_in_the_place_of_an_equal_one_is_told_from_it_by_its_offset()
    {
        var data = MerkleHasherTests.Bytes(new Random(3), 4 * 8192);
        var tree = Tree(data);

        Assert.False(tree.Verifies(0, data.AsSpan(8192, 8192)));
        Assert.False(tree.Verifies(8192, data.AsSpan(0, 8192)));
    }

    [Fact]
    public void A_range_that_is_not_one_of_whole_blocks_is_not_verified()
    {
        var data = new byte[20_000];
        var tree = Tree(data);

        Assert.False(tree.Verifies(-8192, data.AsSpan(0, 8192)));
        Assert.False(tree.Verifies(1, data.AsSpan(1, 8192)));
        Assert.False(tree.Verifies(0, data.AsSpan(0, 8191)));
        Assert.False(tree.Verifies(16384, data.AsSpan(0, 3615)));
        Assert.False(tree.Verifies(16384, data.AsSpan(0, 3617)));
        Assert.False(tree.Verifies(24576, data.AsSpan(0, 0)));
        Assert.True(tree.Verifies(16384, data.AsSpan(0, 3616)));
        Assert.True(tree.Verifies(8192, []));
    }

    [Fact]
    public void The_tree_of_a_small_blob_verifies_the_blob_itself()
    {
        Assert.True(Tree([]).Verifies(0, []));
        var small = MerkleTree.Parse([], 5, MerkleRoot.Of("small"u8));

        Assert.True(small.Verifies(0, "small"u8));
        Assert.False(small.Verifies(0, "smaII"u8));
        Assert.False(small.Verifies(0, "smal"u8));
    }

    [Fact]
    public void A_stream_that_yields_little_at_a_time_gives_the_same_tree()
    {
        var data = MerkleHasherTests.Bytes(new Random(4), 400_000);

        Assert.Equal(MerkleRoot.Of(data), MerkleTree.Build(new SlowStream(data)).Root);
    }

    static MerkleTree Tree(byte[] data) => MerkleTree.Build(new MemoryStream(data));

    static string Refusal(byte[] stored, long length, MerkleRoot root) =>
        Assert.Throws<BlobMismatchException>(() => MerkleTree.Parse(stored, length, root)).Code;
}
