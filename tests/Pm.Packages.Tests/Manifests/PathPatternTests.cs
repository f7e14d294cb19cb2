using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("README.md", "README.md", true)]
    [InlineData("README.md", "docs/README.md", false)]
    [InlineData("*.md", "README.md", true)]
    [InlineData("*.md", "docs/README.md", false)]
    [InlineData("**/*.md", "README.md", true)]
    [InlineData("**/*.md", "a/b/README.md", true)]
    [InlineData("share/**", "share", true)]
    [InlineData("share/**", "share/a/b", true)]
    [InlineData("share/**", "shared/a", false)]
    [InlineData("share/**/b", "share/b", true)]
    [InlineData("share/**/b", "share/x/y/b", true)]
    [InlineData("share/**/b", "share/x/y/c", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "abcb", false)]
    [InlineData("*", "", true)]
    [InlineData("*a*", "banana", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("**/**/x", "x", true)]
    [InlineData("**a", "b/a", false)]
    [InlineData(".", "any/thing", true)]
    [InlineData("a?c", "abc", false)]
    [InlineData("[a]", "a", false)]
    public void A_star_stands_for_a_part_of_a_segment_and_two_for_any_number_of_segments(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new PathPattern(pattern).Matches(path));

    [Theory]
    [InlineData("share", "share/a/b", true)]
    [InlineData("share", "share", true)]
    [InlineData("share", "shared", false)]
    [InlineData("*/deep", "a/deep/b", true)]
    [InlineData("a/b", "a", false)]
    public void What_lies_below_is_meant_too(string pattern, string path, bool contains) => Assert.Equal(contains, new PathPattern(pattern).Contains(path));

    [Fact]
    public void Many_stars_cost_no_more_than_the_product_of_both_lengths()
    {
        var pattern = new PathPattern(string.Join('/', Enumerable.Repeat("**/*a*a*a*a*b", 70)));

        Assert.False(pattern.Contains(string.Join('/', Enumerable.Repeat(new string('a', 60), 60))));
    }
}
