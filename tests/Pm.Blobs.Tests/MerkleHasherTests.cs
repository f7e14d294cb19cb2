using Xunit;

namespace Pm.Blobs.Tests;

public class MerkleHasherTests
{
    /// <summary>Around one block, one node of leaves (2 MiB), and several.</summary>
    static readonly int[] Edges =
    [
        0, 1, 8191, 8192, 8193, 16384, 65536, 2097151, 2097152, 2097153, 2105344, 2105345, 4194304, 4194305,
    ];

    [Fact]
    public void Any_pieces_give_the_root_that_the_rule_gives()
    {
        var random = new Random(1);
        var hasher = new MerkleHasher();
        for (var round = 0; round < 60; round++)
        {
            var data = Bytes(random, round < Edges.Length ? Edges[round] : random.Next(400_000));

            for (int done = 0, piece; done < data.Length; done += piece)
            {
                piece = Math.Min(data.Length - done, Piece(random));
                hasher.Append(data.AsSpan(done, piece));
                Assert.Equal(done + piece, hasher.Length);
            }

            Assert.Equal(NaiveMerkle.Of(data), hasher.Finish());
            Assert.Equal(0, hasher.Length);
        }
    }

    [Fact]
    public void Every_length_around_a_block_gives_the_root_that_the_rule_gives()
    {
        var data = Bytes(new Random(2), 3 * 8192);
        for (var length = 0; length <= data.Length; length += length % 8192 is < 3 or > 8188 ? 1 : 257)
        {
            Assert.Equal(NaiveMerkle.Of(data[..length]), MerkleRoot.Of(data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Appending_nothing_changes_nothing()
    {
        var hasher = new MerkleHasher();
        hasher.Append([]);
        Assert.Equal(MerkleRoot.Empty, hasher.Finish());

        hasher.Append("a"u8);
        hasher.Append([]);
        hasher.Append("b"u8);
        Assert.Equal(MerkleRoot.Of("ab"u8), hasher.Finish());
    }

    [Fact]
    public void Two_hashers_on_one_thread_do_not_meet()
    {
        var (left, right) = (new MerkleHasher(), new MerkleHasher());
        var data = Bytes(new Random(3), 100_000);
        for (var i = 0; i < data.Length; i += 5000)
        {
            left.Append(data.AsSpan(i, 5000));
            right.Append(data.AsSpan(0, 9));
        }

        Assert.Equal(MerkleRoot.Of(data), left.Finish());
        Assert.NotEqual(MerkleRoot.Of(data), right.Finish());
    }

    [Theory]
    [InlineData(FileReading.Copied)]
    [InlineData(FileReading.Mapped)]
    public void Any_number_of_threads_gives_the_same_root(FileReading reading)
    {
        var data = Bytes(new Random(4), (18 << 20) + 12345);
        using var file = TemporaryFile.With(data);
        foreach (var length in Edges.Append(data.Length).Append(16 << 20))
        {
            var expected = MerkleRoot.Of(data.AsSpan(0, length));
            for (var threads = 1; threads <= 4; threads++)
            {
                Assert.Equal(expected, ParallelMerkle.Of(file.Handle, length, threads, reading, TestContext.Current.CancellationToken));
            }
        }
    }

    [Theory]
    [InlineData(FileReading.Copied, 10_000)]
    [InlineData(FileReading.Mapped, 10_000)]
    [InlineData(FileReading.Copied, 5_000_000)]
    [InlineData(FileReading.Mapped, 5_000_000)]
    public void A_file_that_is_shorter_than_said_is_refused(FileReading reading, int size)
    {
        using var file = TemporaryFile.With(new byte[size]);

        var error = Assert.Throws<BlobMismatchException>(
            () => ParallelMerkle.Of(file.Handle, size + 1, threads: 2, reading, TestContext.Current.CancellationToken));

        Assert.Equal("PM2502", error.Code);
    }

    [Fact]
    public void Senseless_lengths_and_thread_counts_are_refused()
    {
        using var file = TemporaryFile.With([]);

        Assert.Throws<ArgumentOutOfRangeException>(() => ParallelMerkle.Of(file.Handle, -1, 1, cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParallelMerkle.Of(file.Handle, long.MaxValue, 1, cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParallelMerkle.Of(file.Handle, 0, 0, cancellation: TestContext.Current.CancellationToken));
    }

    internal static byte[] Bytes(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    static int Piece(Random random) => random.Next(5) switch
    {
        0 => random.Next(4),
        1 => 8192,
        2 => 8192 * random.Next(1, 40),
        3 => random.Next(8190, 8195),
        _ => random.Next(300_000),
    };
}
