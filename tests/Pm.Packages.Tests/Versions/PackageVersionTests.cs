using Xunit;

namespace Pm.Packages.Tests.Versions;

public class PackageVersionTests
{
    [Theory]
    [InlineData("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0")]
    [InlineData("1.0.0-0", "1.0.0-1", "1.0.0--", "1.0.0-A", "1.0.0-a", "1.0.0")]
    [InlineData("2.9", "2.10", "2.10.1", "2.10.1.1", "2.11")]
    [InlineData("3.0", "3.0_1", "3.0_2", "3.0_10", "3.0.1", "3.0,1", "2.0,2")]
    [InlineData("2.0~beta1", "2.0~rc1", "2.0", "2.0-1", "2.0-1ubuntu2", "2.0-2", "1:1.0")]
    [InlineData("1.0a1", "1.0b1", "1.0rc1", "1.0", "1.0.post1", "1!0.5")]
    [InlineData("1.0.2", "1.0.2a", "1.0.2k", "1.0.2l", "1.0.3")]
    [InlineData("2023-12-31", "2024-01-02", "2024-02-01", "2024-11-01", "20240101")]
    [InlineData("v1", "v1.1.0-rc.1", "v1.1.0", "v2")]
    [InlineData("latest", "main", "0", "0.0.1", "1")]
    [InlineData("1.0.0", "99999999999999999999999.0.0", "100000000000000000000000.0.0")]
    public void Versions_ascend(params string[] ascending)
    {
        var versions = ascending.Select(PackageVersion.Parse).ToArray();

        for (var i = 0; i < versions.Length; i++)
        {
            for (var j = 0; j < versions.Length; j++)
            {
                Assert.True(Math.Sign(versions[i].CompareTo(versions[j])) == i.CompareTo(j), $"{versions[i]} against {versions[j]}");
            }
        }
    }

    [Theory]
    [InlineData("1.0.0+a", "1.0.0+b")]
    [InlineData("1.0.0", "1.0.0+exp.sha.5114f85")]
    [InlineData("2.10", "2.10.0")]
    [InlineData("v1.2.3", "1.2.3")]
    [InlineData("1.0-rc.1", "1.0.0-rc.1")]
    [InlineData("1.07", "1.7")]
    [InlineData("0", "0.0.0")]
    public void One_precedence_in_two_spellings_is_neither_newer_nor_the_same(string left, string right)
    {
        var (a, b) = (PackageVersion.Parse(left), PackageVersion.Parse(right));

        Assert.True(a.HasPrecedenceOf(b));
        Assert.NotEqual(a, b);
        Assert.Equal(Math.Sign(string.CompareOrdinal(left, right)), Math.Sign(a.CompareTo(b)));
    }

    [Theory]
    [InlineData("1.0.0-rc.1", true)]
    [InlineData("1.0.0", false)]
    [InlineData("1.0.0+rc", false)]
    [InlineData("1.0b2", true)]
    [InlineData("2.0~git1", true)]
    [InlineData("2.10-3", false)]
    [InlineData("1.1.1k", false)]
    public void A_pre_release_is_known(string text, bool expected) =>
        Assert.Equal(expected, PackageVersion.Parse(text).IsPreRelease);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-1")]
    [InlineData("1/2")]
    [InlineData("1=2")]
    [InlineData("1 2")]
    [InlineData("1\n")]
    [InlineData("1\u0085")]
    [InlineData("１")]
    [InlineData("^1.0")]
    [InlineData("1@2")]
    public void What_is_not_a_version_is_refused(string text)
    {
        Assert.Equal("PM2002", Assert.Throws<PackageFormatException>(() => PackageVersion.Parse(text)).Code);
        Assert.False(PackageVersion.TryParse(text, out _));
    }

    [Fact]
    public void A_hundred_bytes_are_a_version_and_one_more_is_not()
    {
        Assert.True(PackageVersion.TryParse(new string('1', 100), out _));
        Assert.False(PackageVersion.TryParse(new string('1', 101), out _));
    }

    [Theory]
    [InlineData("0.0.4", true)]
    [InlineData("1.1.2-prerelease+meta", true)]
    [InlineData("1.0.0-0A.is.legal", true)]
    [InlineData("2.0.0+build.1848", true)]
    [InlineData("1.2.3----RC-SNAPSHOT.12.9.1--.12", true)]
    [InlineData("1.0.0+0.build.1-rc.10000aaa-kk-0.1", true)]
    [InlineData("1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", true)]
    [InlineData("1", false)]
    [InlineData("1.2", false)]
    [InlineData("1.2.3-0123", false)]
    [InlineData("01.1.1", false)]
    [InlineData("1.01.1", false)]
    [InlineData("1.2.3.DEV", false)]
    [InlineData("1.2.3+", false)]
    [InlineData("1.2.3-", false)]
    [InlineData("1.2.3-a..b", false)]
    [InlineData("v1.2.3", false)]
    [InlineData("1.2.3+a+b", false)]
    public void The_grammar_of_SemVer_is_known(string text, bool expected) =>
        Assert.Equal(expected, PackageVersion.Parse(text).IsSemantic);

    [Fact]
    public void The_order_is_total_over_arbitrary_texts()
    {
        var random = new Random(4711);
        for (var round = 0; round < 40_000; round++)
        {
            var (a, b, c) = (Arbitrary(random), Arbitrary(random), Arbitrary(random));

            Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
            Assert.Equal(a.Text == b.Text, a.CompareTo(b) == 0);
            Assert.False(a <= b && b <= c && a > c, $"{a} <= {b} <= {c}, but {a} > {c}");
            if (a.HasPrecedenceOf(b) && b.HasPrecedenceOf(c))
            {
                Assert.True(a.HasPrecedenceOf(c), $"{a}, {b}, {c}");
            }
        }
    }

    [Fact]
    public void SemVer_versions_are_ordered_as_the_rules_of_SemVer_say()
    {
        var random = new Random(815);
        for (var round = 0; round < 40_000; round++)
        {
            var (a, b) = (Semantic(random), Semantic(random));
            var (left, right) = (PackageVersion.Parse(a), PackageVersion.Parse(b));
            var expected = SemVerOracle.Compare(a, b);

            Assert.True(left.IsSemantic);
            Assert.True(expected == 0 ? left.HasPrecedenceOf(right) : Math.Sign(left.CompareTo(right)) == expected, $"{a} against {b}");
        }
    }

    static PackageVersion Arbitrary(Random random)
    {
        string[] pieces = ["0", "1", "2", "10", "01", ".", ".", "-", "_", "+", "~", ",", ":", "!", "^", "a", "b", "rc", "beta", "A", "v", "post"];
        while (true)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (PackageVersion.TryParse(text, out var version))
            {
                return version;
            }
        }
    }

    static string Semantic(Random random)
    {
        string[] identifiers = ["0", "1", "2", "11", "a", "b", "A", "rc", "a1", "-", "1-", "rc1"];
        string Dotted() => string.Join('.', Enumerable.Range(0, random.Next(1, 4)).Select(_ => identifiers[random.Next(identifiers.Length)]));
        return $"{random.Next(3)}.{random.Next(3)}.{random.Next(12)}"
            + (random.Next(2) == 0 ? "-" + Dotted() : "")
            + (random.Next(3) == 0 ? "+" + Dotted() : "");
    }
}
