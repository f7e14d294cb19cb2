using System.Text.RegularExpressions;
using Pm.Packages;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Repositories.Tests.Tokens;

public sealed class NamePatternTests
{
    const int Seed = 20260501;
    const int Rounds = 20_000;

    [Theory]
    [InlineData("*", "foo", true)]
    [InlineData("*", "acme/foo", true)]
    [InlineData("acme/*", "acme/foo", true)]
    [InlineData("acme/*", "acme", false)]
    [InlineData("acme/*", "acmex/foo", false)]
    [InlineData("acme-*", "acme-tool", true)]
    [InlineData("acme-*", "acme-evil/tool", false)]
    [InlineData("*-tool", "x/a-tool", false)]
    [InlineData("*/tool", "x/tool", true)]
    [InlineData("fo?", "foo", true)]
    [InlineData("fo?", "fo", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "foobar", false)]
    [InlineData("foo", "xfoo", false)]
    [InlineData("**", "a/b", false)]
    public void A_star_stops_at_the_slash(string pattern, string name, bool isCovered)
    {
        Assert.True(NamePattern.TryParse(pattern, out var parsed));
        Assert.Equal(isCovered, parsed.Covers(PackageName.Parse(name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Foo")]
    [InlineData("/foo")]
    [InlineData("foo/")]
    [InlineData("a/b/c")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("föö")]
    public void What_covers_no_name_is_no_pattern(string text) => Assert.False(NamePattern.TryParse(text, out _));

    [Fact]
    public void It_covers_what_the_same_regular_expression_matches()
    {
        var random = new Random(Seed);
        var covered = 0;
        for (var i = 0; i < Rounds; i++)
        {
            if (!NamePattern.TryParse(Text(random, "ab/*?"), out var pattern) || !PackageName.TryParse(Text(random, "ab/"), out var name))
            {
                continue;
            }

            var regex = pattern.Text == "*" ? "^.*$" : $"^{Regex.Escape(pattern.Text).Replace("\\*", "[^/]*").Replace("\\?", "[^/]")}$";
            var expected = Regex.IsMatch(name.Text, regex, RegexOptions.Singleline);
            Assert.True(expected == pattern.Covers(name), $"{pattern} {name}: expected {expected}");
            covered += expected ? 1 : 0;
        }

        Assert.InRange(covered, Rounds / 50, Rounds / 2);
    }

    [Fact]
    public void Many_stars_take_no_time_to_speak_of()
    {
        Assert.True(NamePattern.TryParse(string.Concat(Enumerable.Repeat("*a", 49)) + "b", out var pattern));
        Assert.False(pattern.Covers(PackageName.Parse(new string('a', 100))));
    }

    static string Text(Random random, string alphabet) =>
        new([.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
}
