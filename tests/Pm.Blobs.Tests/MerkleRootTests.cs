using Xunit;

namespace Pm.Blobs.Tests;

public class MerkleRootTests
{
    const string Empty = "15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b";

    [Fact]
    public void The_empty_blob_has_the_published_root() => Assert.Equal(Empty, MerkleRoot.Empty.ToString());

    [Fact]
    public void Text_is_parsed_in_either_case_and_printed_in_lower()
    {
        Assert.Equal(MerkleRoot.Empty, MerkleRoot.Parse(Empty));
        Assert.Equal(Empty, MerkleRoot.Parse(Empty.ToUpperInvariant()).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8")]
    [InlineData("15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b0")]
    [InlineData("15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8x")]
    [InlineData("15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8\n")]
    public void Text_that_is_no_root_is_refused(string text)
    {
        Assert.False(MerkleRoot.TryParse(text, null, out var root));
        Assert.Equal(default, root);
        Assert.Throws<FormatException>(() => MerkleRoot.Parse(text));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Bytes_of_another_size_are_refused(int size) =>
        Assert.Throws<ArgumentException>(() => new MerkleRoot(new byte[size]));

    [Fact]
    public void Roots_are_ordered_and_compared_as_their_text_is()
    {
        var random = new Random(1);
        var roots = Enumerable.Range(0, 200).Select(_ => new MerkleRoot(MerkleHasherTests.Bytes(random, 32))).ToArray();

        Assert.Equal(
            roots.Select(r => r.ToString()).Order(StringComparer.Ordinal), roots.Order().Select(r => r.ToString()));
        Assert.True(roots.Order().First() < roots.Order().Last());
        Assert.Equal(roots.ToHashSet(), roots.Select(r => MerkleRoot.Parse(r.ToString())).ToHashSet());
    }
}
