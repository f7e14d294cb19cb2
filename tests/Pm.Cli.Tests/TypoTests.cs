using Pm.Cli.Commands;
using Xunit;

namespace Pm.Cli.Tests;

public class TypoTests
{
    const string Letters = "abc";

    [Theory]
    [InlineData("install", "install", 0)]
    [InlineData("instal", "install", 1)]
    [InlineData("isntall", "install", 1)]
    [InlineData("ab", "ba", 1)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_counts_edits_and_swaps(string from, string to, int expected) =>
        Assert.Equal(expected, Typo.Distance(from, to));

    [Fact]
    public void The_distance_agrees_with_a_search_over_all_single_edits()
    {
        var random = new Random(7);
        for (var n = 0; n < 300; n++)
        {
            var from = Word(random);
            foreach (var to in Edits(from))
            {
                Assert.InRange(Typo.Distance(from, to), 0, 1);
                Assert.Equal(from == to, Typo.Distance(from, to) == 0);
            }
        }
    }

    [Fact]
    public void The_distance_is_the_same_both_ways()
    {
        var random = new Random(8);
        for (var n = 0; n < 1000; n++)
        {
            var (a, b) = (Word(random), Word(random));
            Assert.Equal(Typo.Distance(a, b), Typo.Distance(b, a));
        }
    }

    [Theory]
    [InlineData("instal", "install")]
    [InlineData("serach", "search")]
    [InlineData("frobnicate", null)]
    [InlineData("x", null)]
    public void Only_what_is_near_is_proposed(string typed, string? expected) =>
        Assert.Equal(expected, Typo.Nearest(typed, ["install", "search", "list", "ls"]));

    [Fact]
    public void A_very_long_word_is_not_measured() =>
        Assert.Null(Typo.Nearest(new string('x', 1_000_000), ["install"]));

    static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Letters[random.Next(Letters.Length)]));

    static IEnumerable<string> Edits(string word)
    {
        for (var i = 0; i <= word.Length; i++)
        {
            foreach (var letter in Letters)
            {
                yield return word.Insert(i, letter.ToString());
                if (i < word.Length)
                {
                    yield return word.Remove(i, 1).Insert(i, letter.ToString());
                }
            }

            if (i < word.Length)
            {
                yield return word.Remove(i, 1);
            }

            if (i + 1 < word.Length)
            {
                yield return word[..i] + word[i + 1] + word[i] + word[(i + 2)..];
            }
        }
    }
}
