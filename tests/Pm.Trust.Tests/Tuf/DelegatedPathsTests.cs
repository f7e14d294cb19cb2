using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public class DelegatedPathsTests
{
    [Theory]
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "fooo", false)]
    [InlineData("*", "foo", true)]
    [InlineData("*", "foo/1.0", false)]
    [InlineData("*/*", "foo/1.0", true)]
    [InlineData("foo/*", "foo/1.0", true)]
    [InlineData("foo/*", "foo/1.0/x", false)]
    [InlineData("f?o/1.*", "foo/1.0", true)]
    [InlineData("f?o/1.*", "fo/1.0", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "ab-abx", false)]
    [InlineData("", "", true)]
    [InlineData("**", "anything", true)]
    [InlineData("a/", "a", false)]
    [InlineData("[a]", "a", false)]
    public void A_pattern_never_crosses_a_slash(string pattern, string path, bool isMatch) =>
        Assert.Equal(isMatch, PathPattern.Matches(pattern, path));

    [Fact]
    public void Patterns_match_as_the_same_regular_expression()
    {
        var random = new Random(1);
        string Text(string letters) => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => letters[random.Next(letters.Length)]));
        for (var round = 0; round < 20_000; round++)
        {
            var (pattern, path) = (Text("ab/*?"), Text("ab/"));
            var expression = "^" + pattern.Replace("*", "[^/]*").Replace("?", "[^/]") + "\\z";

            Assert.True(Regex.IsMatch(path, expression) == PathPattern.Matches(pattern, path), $"{pattern} {path}");
        }
    }

    [Fact]
    public void A_path_is_whose_hash_begins_so()
    {
        var path = "foo/1.0";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
        var paths = new DelegatedPaths(Delegations(Bin("other", digest[0] == '0' ? "1" : "0"), Bin("mine", digest[..1])));

        Assert.False(paths.MaySpeak(0, path));
        Assert.True(paths.MaySpeak(1, path));
        Assert.True(paths.AreDisjoint);
    }

    [Fact]
    public void A_role_that_ends_the_search_silences_those_after_it()
    {
        var paths = new DelegatedPaths(Delegations(
            Patterns("a", false, "foo/*"), Patterns("b", true, "foo/*"), Patterns("c", false, "*/*")));

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(role => paths.MaySpeak(role, "foo/1")));
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(role => paths.MaySpeak(role, "bar/1")));
        Assert.False(paths.AreDisjoint);
    }

    [Fact]
    public void Prefixes_that_overlap_are_not_disjoint()
    {
        Assert.False(new DelegatedPaths(Delegations(Bin("a", "0"), Bin("b", "0"))).AreDisjoint);
        Assert.False(new DelegatedPaths(Delegations(Bin("a", "0"), Bin("b", "01"))).AreDisjoint);
        Assert.True(new DelegatedPaths(Delegations(Bin("a", "00"), Bin("b", "01"))).AreDisjoint);
    }

    [Fact]
    public void A_hash_is_no_longer_than_it_is() =>
        Assert.False(new DelegatedPaths(Delegations(Bin("a", new string('0', 100)))).MaySpeak(0, "foo"));

    [Theory]
    [InlineData("bin-0", "bin-0")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("..", "..")]
    [InlineData("ä b", "%C3%A4%20b")]
    public void The_name_of_a_role_is_made_a_file_name(string role, string stem) => Assert.Equal(stem, Bin(role, "0").FileStem);

    static DelegatedRole Bin(string name, string prefix) => new(name, new RoleKeys([], 1), null, [prefix], IsTerminating: true);

    static DelegatedRole Patterns(string name, bool isTerminating, params string[] patterns) =>
        new(name, new RoleKeys([], 1), [.. patterns], null, isTerminating);

    static ImmutableArray<DelegatedRole> Delegations(params DelegatedRole[] roles) => [.. roles];
}
