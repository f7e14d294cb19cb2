using Xunit;

namespace Pm.Codecs.Tests;

public class RoundTripTests
{
    public static TheoryData<Compression> Formats => [.. Enum.GetValues<Compression>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_compressed_in_any_pieces_decompresses_in_any_pieces(Compression format)
    {
        var random = new Random(1);
        for (var round = 0; round < 25; round++)
        {
            var plain = Samples.Make(random, Samples.Size(random));

            var packed = Samples.Compress(plain, format, random);

            Assert.Equal(plain, Samples.Decompress(packed, format, random));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_pieces_written_do_not_change_the_bytes(Compression format)
    {
        var random = new Random(2);
        for (var round = 0; round < 8; round++)
        {
            var plain = Samples.Make(random, random.Next(1_500_000));

            Assert.Equal(Samples.Compress(plain, format, random), Samples.Compress(plain, format));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Reading_asynchronously_gives_the_same(Compression format)
    {
        var plain = Samples.Make(new Random(3), 300_000);
        await using var stream = Decompressor.Open(new MemoryStream(Samples.Compress(plain, format)), format);
        using var read = new MemoryStream();

        await stream.CopyToAsync(read, TestContext.Current.CancellationToken);

        Assert.Equal(plain, read.ToArray());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Concatenated_members_are_read_as_one(Compression format)
    {
        byte[] first = [1, 2, 3], third = Samples.Make(new Random(4), 200_000);

        byte[] packed =
        [
            .. Samples.Compress(first, format), .. Samples.Compress([], format), .. Samples.Compress(third, format),
        ];

        Assert.Equal([.. first, .. third], Samples.Decompress(packed, format));
        Assert.Equal([.. first, .. third], Samples.Decompress(packed, format, new Random(5)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_format_is_told_by_the_first_bytes(Compression format)
    {
        Assert.Equal(format, CompressionFormat.Detect(Samples.Compress("plain"u8, format)));
        Assert.Equal(format, CompressionFormat.Detect(Samples.Compress([], format)));
    }

    [Theory]
    [InlineData(Compression.Gzip, 0)]
    [InlineData(Compression.Gzip, 10)]
    [InlineData(Compression.Bzip2, 0)]
    [InlineData(Compression.Xz, 10)]
    [InlineData(Compression.Xz, -1)]
    [InlineData(Compression.Zstandard, 23)]
    [InlineData(Compression.Zstandard, 0)]
    public void A_level_that_the_format_has_not_is_refused(Compression format, int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Compressor.Open(Stream.Null, format, level));
}
