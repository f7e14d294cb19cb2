using Xunit;

namespace Pm.Codecs.Tests;

public class DetectionTests
{
    [Theory]
    [InlineData("", Compression.None)]
    [InlineData("1f8b", Compression.None)]
    [InlineData("1f8b08", Compression.Gzip)]
    [InlineData("1f8b07", Compression.None)]
    [InlineData("425a68", Compression.None)]
    [InlineData("425a6839314159265359", Compression.Bzip2)]
    [InlineData("425a6831177245385090", Compression.Bzip2)]
    [InlineData("425a6830314159265359", Compression.None)]
    [InlineData("fd377a585a00", Compression.Xz)]
    [InlineData("fd377a585a01", Compression.None)]
    [InlineData("28b52ffd", Compression.Zstandard)]
    [InlineData("502a4d18", Compression.Zstandard)]
    [InlineData("5f2a4d18", Compression.Zstandard)]
    [InlineData("602a4d18", Compression.None)]
    [InlineData("27b52ffd", Compression.None)]
    public void A_format_is_known_by_its_magic_number(string head, Compression expected) =>
        Assert.Equal(expected, CompressionFormat.Detect(Convert.FromHexString(head)));

    [Fact]
    public void Every_format_has_its_suffix() =>
        Assert.Equal(["", ".gz", ".bz2", ".xz", ".zst"], Enum.GetValues<Compression>().Select(CompressionFormat.Suffix));
}
