using Xunit;

namespace Pm.Blobs.Tests;

public class VerifiedStreamTests
{
    public static TheoryData<int, bool> Sizes
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var size in new[] { 0, 1, 4999, 5000, 5001, 8192, 100_000 })
            {
                data.Add(size, true);
                data.Add(size, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task The_right_bytes_pass(int size, bool lengthKnown)
    {
        var data = MerkleHasherTests.Bytes(new Random(size), size);
        foreach (var asynchronous in new[] { false, true })
        {
            using var stream = new VerifiedStream(new SlowStream(data), MerkleRoot.Of(data), lengthKnown ? size : null, "b");

            var (read, error) = await Drain(stream, asynchronous);

            Assert.Null(error);
            Assert.Equal(data, read);
            Assert.True(stream.IsVerified);
            Assert.Equal(0, stream.Read(new byte[10]));
            Assert.Equal(size, stream.Position);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Wrong_bytes_never_reach_an_end(int size, bool lengthKnown)
    {
        var data = MerkleHasherTests.Bytes(new Random(size), size);
        var root = MerkleRoot.Of([.. data, 1]);
        foreach (var asynchronous in new[] { false, true })
        {
            if (size == 0 && lengthKnown)
            {
                Assert.Throws<BlobMismatchException>(() => new VerifiedStream(new MemoryStream(), root, 0, "b").ReadByte());
                continue;
            }

            using var stream = new VerifiedStream(new SlowStream(data), root, lengthKnown ? size : null, "lib/b");

            var (read, error) = await Drain(stream, asynchronous);

            Assert.Equal("PM2501", error?.Code);
            Assert.Equal($"blob `lib/b`: expected {root}, got {MerkleRoot.Of(data)} ({size} bytes)", error?.Message);
            Assert.True(!lengthKnown || read.Length < size, "with a known length the last bytes are held back");
            Assert.False(stream.IsVerified);
            Assert.Throws<BlobMismatchException>(() => stream.Read(new byte[10]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_longer_blob_is_cut_off_at_its_signed_length(bool asynchronous)
    {
        var data = MerkleHasherTests.Bytes(new Random(1), 20_000);
        var source = new MemoryStream([.. data, .. new byte[1_000_000]]);
        using var stream = new VerifiedStream(source, MerkleRoot.Of(data), 20_000, "b");

        var (read, error) = await Drain(stream, asynchronous);

        Assert.Equal("PM2502", error?.Code);
        Assert.Equal(20_000, read.Length);
        Assert.Equal(20_001, source.Position);
        Assert.False(stream.IsVerified);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19_999)]
    public async Task A_shorter_blob_is_refused(int size)
    {
        var data = MerkleHasherTests.Bytes(new Random(2), 20_000);
        using var stream = new VerifiedStream(new MemoryStream(data[..size]), MerkleRoot.Of(data), 20_000, "b");

        var (_, error) = await Drain(stream, asynchronous: false);

        Assert.Equal("PM2502", error?.Code);
        Assert.Equal($"blob `b`: expected 20000 bytes, got {size}", error?.Message);
    }

    [Fact]
    public void A_read_of_nothing_says_nothing()
    {
        using var stream = new VerifiedStream(new MemoryStream([1]), MerkleRoot.Empty, null, "b");

        Assert.Equal(0, stream.Read([]));
        Assert.Throws<BlobMismatchException>(() => stream.CopyTo(Stream.Null));
    }

    [Fact]
    public void The_source_is_closed_unless_it_is_to_stay_open()
    {
        var (kept, closed) = (new MemoryStream(), new MemoryStream());

        new VerifiedStream(kept, MerkleRoot.Empty, null, "b", leaveOpen: true).Dispose();
        new VerifiedStream(closed, MerkleRoot.Empty, null, "b").Dispose();

        Assert.True(kept.CanRead);
        Assert.False(closed.CanRead);
    }

    static async Task<(byte[] Read, BlobMismatchException? Error)> Drain(Stream stream, bool asynchronous)
    {
        var read = new MemoryStream();
        var buffer = new byte[7000];
        try
        {
            for (int count; (count = asynchronous ? await stream.ReadAsync(buffer) : stream.Read(buffer)) > 0;)
            {
                read.Write(buffer, 0, count);
            }

            return (read.ToArray(), null);
        }
        catch (BlobMismatchException e)
        {
            return (read.ToArray(), e);
        }
    }
}
