using Pm.Packages.Versions;
using Xunit;

namespace Pm.Packages.Tests.Versions;

public class VersionRequirementTests
{
    static readonly string[] Operators = ["", "^", "~", "=", ">", ">=", "<", "<="];

    static readonly string[] PreReleases = ["alpha", "alpha.1", "rc.1", "0"];

    [Theory]
    [InlineData("^1.2.3", "1.2.3 1.2.4 1.9.0 1.2.3+b v1.3.0", "1.2.2 2.0.0 2.0.0-rc.1 1.5.0-rc.1 1.2.3-rc.1")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2 1.0.0")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("^0.0", "0.0.0 0.0.9", "0.1.0")]
    [InlineData("^0", "0.0.0 0.9.9", "1.0.0")]
    [InlineData("1.2", "1.2.0 1.3.0", "1.1.9 2.0.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2")]
    [InlineData("~1.2", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("~1", "1.0.0 1.9.9", "2.0.0 0.9.0")]
    [InlineData("=1.2.3", "1.2.3 1.2.3+linux v1.2.3", "1.2.4 1.2.3-rc.1")]
    [InlineData("=1.2", "1.2.0 1.2.9", "1.3.0 1.1.0")]
    [InlineData("1.x", "1.0.0 1.9.0", "2.0.0 0.9.0")]
    [InlineData("1.2.*", "1.2.0 1.2.9", "1.3.0")]
    [InlineData("1.X.x", "1.0.0 1.9.0", "2.0.0")]
    [InlineData("*", "0.0.0 9.9.9 latest", "1.0.0-rc.1")]
    [InlineData("", "", "")]
    [InlineData(">1.2", "1.3.0", "1.2.0 1.2.9")]
    [InlineData("<=1.2", "1.2.9 0.1.0", "1.3.0")]
    [InlineData(">=1.2, <1.5", "1.2.0 1.4.9", "1.5.0 1.1.0")]
    [InlineData(">=1.2 <1.5", "1.2.0 1.4.9", "1.5.0 1.1.0")]
    [InlineData(">= 1.2 , < 1.5", "1.2.0 1.4.9", "1.5.0 1.1.0")]
    [InlineData("^1 || ^3", "1.0.0 3.4.0", "2.0.0 4.0.0")]
    [InlineData("1.2 - 2.3", "1.2.0 2.3.9", "1.1.9 2.4.0")]
    [InlineData("1.2.3 - 2.3.4", "1.2.3 2.3.4", "1.2.2 2.3.5")]
    [InlineData("1 - 2 || =5.0.0", "1.0.0 2.9.9 5.0.0", "3.0.0 5.0.1")]
    [InlineData("^1.2.3-rc.2", "1.2.3-rc.2 1.2.3-rc.10 1.2.3 1.9.0", "1.2.3-rc.1 1.2.4-rc.2 1.9.0-rc.3")]
    [InlineData(">=1.0.0-a, <1.0.0-c", "1.0.0-b 1.0.0-a", "1.0.0-c 1.0.0 0.9.9")]
    [InlineData("<2.0.0-rc.1", "1.9.9 2.0.0-beta", "2.0.0-rc.1 2.0.0 1.9.9-beta")]
    [InlineData("2.10", "2.10 2.10_1 2.11 2.10.0", "2.9 3.0")]
    [InlineData("=2.10", "2.10 2.10.3 2.10_1", "2.11 2.9")]
    [InlineData(">=3.0_1", "3.0_1 3.0_2 3.1", "3.0 2.9")]
    [InlineData("^3.0_1", "3.0_1 3.9", "3.0 4.0")]
    [InlineData(">=2.0~git1", "2.0~git1 2.0~git2 2.0 2.1", "2.0~git0 2.1~git1")]
    [InlineData("^1:2.3", "1:2.3 1:2.9", "2.3 1:3.0 2:2.3")]
    [InlineData("=latest", "latest", "1.0.0 older")]
    [InlineData("^2024-01-31", "2024-01-31 2024-12-01", "2024-01-30 2025-01-01")]
    [InlineData("^99999999999999999999.1", "99999999999999999999.2", "100000000000000000000.0 1.0.0")]
    [InlineData(">*", "", "1.0.0 1.0.0-rc.1")]
    [InlineData(">=1, <1", "", "1.0.0 0.9.0")]
    public void A_requirement_means_what_its_page_says(string text, string within, string without)
    {
        if (text.Length == 0)
        {
            Assert.False(VersionRequirement.TryParse(text, out _));
            return;
        }

        var requirement = VersionRequirement.Parse(text);

        Assert.All(Versions(within), v => Assert.True(requirement.Contains(v), $"{v} should fulfil {text}"));
        Assert.All(Versions(without), v => Assert.False(requirement.Contains(v), $"{v} should not fulfil {text}"));
    }

    [Theory]
    [InlineData("", 1, "the end")]
    [InlineData("^", 2, "the end")]
    [InlineData(">=1,", 5, "the end")]
    [InlineData(">=1,,<2", 5, "`,")]
    [InlineData("^1 ||", 6, "the end")]
    [InlineData("|| ^1", 1, "`|")]
    [InlineData("^1 | ^2", 4, "`|")]
    [InlineData("=>1", 2, "`>1`")]
    [InlineData("==1", 2, "`=1`")]
    [InlineData("~>1.2", 2, "`>1.2`")]
    [InlineData("1.2 - ", 7, "the end")]
    [InlineData("1.2 -2", 5, "`-2`")]
    [InlineData("1.*.2", 1, "`1.*.2`")]
    [InlineData("1 and 2", 3, "`and`")]
    [InlineData("=1 2/3", 4, "`2/3`")]
    [InlineData("\u001b[31m", 1, "\\u{1b}")]
    public void What_is_no_requirement_is_refused_at_its_column(string text, int column, string found)
    {
        var fault = Assert.Throws<PackageFormatException>(() => VersionRequirement.Parse(text));

        Assert.Equal("PM2031", fault.Code);
        Assert.Contains($"column {column}:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(found, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_requirements_are_refused()
    {
        Assert.False(VersionRequirement.TryParse(new string('1', VersionRequirement.MaximumLength + 1), out _));
        Assert.False(VersionRequirement.TryParse(string.Join(',', Enumerable.Repeat("1", VersionRequirement.MaximumComparators + 1)), out _));
        Assert.True(VersionRequirement.TryParse(string.Join(',', Enumerable.Repeat("1", VersionRequirement.MaximumComparators)), out _));
    }

    [Fact]
    public void A_name_alone_takes_all_and_a_version_behind_it_that_text_alone()
    {
        var exact = VersionRequirement.Exactly(PackageVersion.Parse("1.0.0+a"));

        Assert.True(VersionRequirement.Any.Contains(PackageVersion.Parse("1.0.0-rc.1")));
        Assert.True(exact.Contains(PackageVersion.Parse("1.0.0+a")));
        Assert.False(exact.Contains(PackageVersion.Parse("1.0.0")));
        Assert.False(exact.Contains(PackageVersion.Parse("1.0.0+b")));
    }

    [Fact]
    public void Random_requirements_hold_what_their_comparators_say_one_by_one()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var (text, alternatives) = RandomRequirement(random);
            var requirement = VersionRequirement.Parse(text);

            for (var i = 0; i < 20; i++)
            {
                var version = RandomVersion(random);
                Assert.True(
                    RequirementOracle.Fulfils(version, alternatives) == requirement.Contains(PackageVersion.Parse(version)),
                    $"seed {seed}: {version} in {text}");
            }
        }
    }

    [Fact]
    public void The_text_of_a_requirement_reads_as_the_same_requirement()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var requirement = VersionRequirement.Parse(RandomRequirement(new Random(seed)).Text);
            var again = VersionRequirement.Parse(requirement.ToString());

            Assert.Equal(requirement, again);
            Assert.Equal(requirement.Versions, again.Versions);
        }
    }

    [Fact]
    public void Sets_combine_as_their_members_do()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var (one, other) = (RandomSet(random), RandomSet(random));
            var versions = Enumerable.Range(0, 30).Select(_ => PackageVersion.Parse(RandomVersion(random))).ToList();

            Assert.All(versions, v =>
            {
                Assert.Equal(one.Contains(v) || other.Contains(v), one.Union(other).Contains(v));
                Assert.Equal(one.Contains(v) && other.Contains(v), one.Intersect(other).Contains(v));
                Assert.NotEqual(one.Contains(v), one.Complement().Contains(v));
            });
            Assert.Equal(one, one.Complement().Complement());
            Assert.Equal(one.Union(other), one.Complement().Intersect(other.Complement()).Complement());
            Assert.True(one.Intersect(other).IsSubsetOf(one));
            Assert.True(one.IsSubsetOf(one.Union(other)));
            Assert.Equal(one.Overlaps(other), !one.IsSubsetOf(other.Complement()));
            Assert.True(one.Intersect(one.Complement()).IsEmpty);
            Assert.Equal(VersionSet.All, one.Union(one.Complement()));
        }
    }

    [Fact]
    public void Bounds_that_say_the_same_are_the_same()
    {
        Assert.Equal(VersionRequirement.Parse(">=1.2").Versions, VersionRequirement.Parse(">=1.2.0").Versions);
        Assert.Equal(VersionRequirement.Parse("^1.2").Versions, VersionRequirement.Parse("1.2 - 1").Versions);
        Assert.Equal(VersionRequirement.Parse("<1 || >=1, <2").Versions, VersionRequirement.Parse("<2.0.0").Versions);
        Assert.True(VersionRequirement.Parse(">2, <1").Versions.IsEmpty);
    }

    static VersionSet RandomSet(Random random) => random.Next(5) == 0
        ? VersionSet.Exactly(PackageVersion.Parse(RandomVersion(random)))
        : VersionRequirement.Parse(RandomRequirement(random).Text).Versions;

    static (string Text, List<List<RequirementOracle.Part>> Alternatives) RandomRequirement(Random random)
    {
        var alternatives = new List<List<RequirementOracle.Part>>();
        var texts = new List<string>();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var all = new List<RequirementOracle.Part>();
            var written = new List<string>();
            for (var parts = random.Next(1, 4); parts > 0; parts--)
            {
                var part = RandomPart(random, Operators[random.Next(Operators.Length)]);
                if (part.Operator.Length == 0 && random.Next(2) == 0 && part.Numbers.Length > 0)
                {
                    var end = RandomPart(random, "<=");
                    written.Add($"{part} - {end.Version}");
                    all.AddRange([part with { Operator = ">=" }, end]);
                }
                else
                {
                    written.Add(part.ToString());
                    all.Add(part);
                }
            }

            alternatives.Add(all);
            texts.Add(string.Join(random.Next(2) == 0 ? ", " : ",", written));
        }

        return (string.Join(" || ", texts), alternatives);
    }

    static RequirementOracle.Part RandomPart(Random random, string written)
    {
        var numbers = Enumerable.Range(0, random.Next(0, 5) is var length and < 4 ? length : 3).Select(_ => random.Next(3)).ToArray();
        return new(written, numbers, numbers.Length == 3 && random.Next(3) == 0 ? PreReleases[random.Next(PreReleases.Length)] : null);
    }

    static string RandomVersion(Random random) =>
        $"{random.Next(4)}.{random.Next(3)}.{random.Next(3)}" + (random.Next(3) == 0 ? $"-{PreReleases[random.Next(PreReleases.Length)]}" : "");

    static IEnumerable<PackageVersion> Versions(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(PackageVersion.Parse);
}
