using Xunit;

namespace Pm.Packages.Tests.Documents;

public class PackagePathTests
{
    static readonly string[] Pieces = ["a", "b", "é", "\uE000", "\uFFFD", "\U00010000", "\U0010FFFF"];

    [Theory]
    [InlineData("a", true)]
    [InlineData("a/b.c/..d/...", true)]
    [InlineData("node_modules/@types/a=b", true)]
    [InlineData("a\\b", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData("./a", false)]
    [InlineData("a/..", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\0", false)]
    [InlineData("a\x7f", false)]
    [InlineData("Icon\r", false)]
    public void A_path_is_relative_and_plain(string path, bool expected) => Assert.Equal(expected, PackagePath.IsValid(path));

    [Fact]
    public void A_lone_surrogate_is_refused() => Assert.False(PackagePath.IsValid("a\ud800b"));

    [Fact]
    public void Lengths_are_bytes()
    {
        Assert.True(PackagePath.IsValid(new string('é', 127)));
        Assert.False(PackagePath.IsValid(new string('é', 128)));
        Assert.True(PackagePath.IsValid(string.Join('/', Enumerable.Repeat("a", 2048))));
        Assert.False(PackagePath.IsValid(string.Join('/', Enumerable.Repeat("a", 2049))));
    }

    [Theory]
    [InlineData("a", "b", false)]
    [InlineData("a/b", "../c", false)]
    [InlineData("a/b", "../../c", true)]
    [InlineData("a/b", "x/../../c", false)]
    [InlineData("a/b", "x/../../../c", true)]
    [InlineData("a", "/etc", true)]
    [InlineData("a", "..", true)]
    [InlineData("a/b", "..", false)]
    public void Where_a_link_leads_is_known(string path, string target, bool outside) =>
        Assert.Equal(outside, PackagePath.LeadsOutside(path, target));

    [Fact]
    public void The_order_of_paths_is_the_order_of_their_bytes()
    {
        var random = new Random(3);
        string Arbitrary() => string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)]));
        for (var round = 0; round < 5000; round++)
        {
            var (a, b) = (Arbitrary(), Arbitrary());

            Assert.Equal(Math.Sign(Sample.Bytes(a).AsSpan().SequenceCompareTo(Sample.Bytes(b))), Math.Sign(PathOrder.Bytes.Compare(a, b)));
        }
    }
}
