using System.Collections.Immutable;
using Pm.Packages;
using Xunit;

namespace Pm.Resolution.Tests;

public class ResolverTests
{
    [Theory]
    [InlineData("a 1.0", "a", "a@1.0")]
    [InlineData("a 1.0\na 1.10\na 1.9", "a", "a@1.10")]
    [InlineData("a 1.0\na 2.0", "a@1.0", "a@1.0")]
    [InlineData("a 1.0\na 2.0.0-rc.1", "a", "a@1.0")]
    [InlineData("a 2.0.0-rc.1\na 2.0.0-rc.2", "a", "a@2.0.0-rc.2")]
    [InlineData("a 1.0\na 2.0 yanked", "a", "a@1.0")]
    [InlineData("a 1.0\na 2.0 yanked", "a@2.0", "a@2.0")]
    [InlineData("app 1.0 : lib\nlib 1.0 : deep@3\ndeep 3\ndeep 4", "app", "app@1.0 deep@3 lib@1.0")]
    [InlineData("app 1.0 : lib other\nother 1.0 : lib@1.0\nlib 1.0\nlib 2.0", "app", "app@1.0 lib@1.0 other@1.0")]
    [InlineData("a 1.0 : b\nb 1.0 : a", "a", "a@1.0 b@1.0")]
    [InlineData("app 1.0 : one two\none 1.0 : lib\nlib 2.0 : extra\nlib 1.0\ntwo 1.0 : lib@1.0\nextra 1.0", "app", "app@1.0 lib@1.0 one@1.0 two@1.0")]
    public void The_newest_or_the_exact_version_is_chosen_transitively(string universe, string ask, string expected)
    {
        var solved = Assert.IsType<ResolutionResult.Solved>(new Universe(universe).Resolve(ask));

        Assert.Equal(expected, string.Join(' ', solved.Packages.Select(p => p.Id)));
    }

    [Fact]
    public void An_installed_version_is_kept_while_nothing_demands_another()
    {
        var universe = new Universe("app 1.0 : lib\nlib 1.0\nlib 2.0");

        var solved = Assert.IsType<ResolutionResult.Solved>(universe.Resolve(["app"], ["lib@1.0"]));

        Assert.Equal("app@1.0 lib@1.0", string.Join(' ', solved.Packages.Select(p => p.Id)));
    }

    [Fact]
    public void What_was_asked_for_and_what_others_need_is_told_apart()
    {
        var solved = Assert.IsType<ResolutionResult.Solved>(new Universe("app 1.0 : lib\nlib 1.0").Resolve("app"));

        Assert.Equal([true, false], solved.Packages.Select(p => p.IsAsked));
        Assert.Equal("app", Assert.Single(solved.Packages[1].RequiredBy).Text);
    }

    [Fact]
    public void A_contradiction_names_both_demands_with_their_paths()
    {
        var universe = new Universe("app 1.0 : one two\none 1.0 : lib@1.0\ntwo 1.0 : lib@2.0\nlib 1.0\nlib 2.0");

        var conflict = Assert.IsType<ResolutionResult.Conflict>(universe.Resolve("app"));

        Assert.Equal("PM7001", conflict.Code);
        Assert.Equal(
            ["you asked for app → app@1.0 needs one → one@1.0 needs lib@1.0", "you asked for app → app@1.0 needs two → two@1.0 needs lib@2.0"],
            conflict.Because);
    }

    [Theory]
    [InlineData("a 1.0", "b", "PM7002")]
    [InlineData("a 1.0", "a@2.0", "PM7003")]
    [InlineData("a 1.0 yanked", "a", "PM7004")]
    [InlineData("a 1.0 : gone", "a", "PM7002")]
    public void What_is_not_there_is_said_with_its_code(string universe, string ask, string code)
    {
        var conflict = Assert.IsType<ResolutionResult.Conflict>(new Universe(universe).Resolve(ask));

        Assert.Equal(code, conflict.Code);
    }

    /// <summary>Oracle: a set is right when every ask and every dependency of a member is met by a member.</summary>
    [Fact]
    public void A_solution_meets_every_demand_and_holds_nothing_else_in_random_worlds()
    {
        var solvedCount = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var universe = RandomUniverse(new Random(seed));
            if (universe.Resolve("p0") is not ResolutionResult.Solved solved)
            {
                continue;
            }

            solvedCount++;
            AssertClosed(solved.Packages, seed);
        }

        Assert.InRange(solvedCount, 200, 1999);
    }

    [Fact]
    public void A_conflict_in_a_random_world_without_alternatives_is_a_real_one()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var universe = RandomUniverse(new Random(seed), onlyExact: true);
            var closure = ExactClosure(universe, "p0");

            Assert.Equal(closure is not null, universe.Resolve("p0@1") is ResolutionResult.Solved);
        }
    }

    static void AssertClosed(ImmutableArray<Selection> packages, int seed)
    {
        var byName = packages.ToDictionary(p => p.Id.Name, p => p.Id.Version);
        foreach (var dependency in packages.SelectMany(p => p.Candidate.Dependencies))
        {
            Assert.True(byName.TryGetValue(dependency.Name, out var version), $"seed {seed}: {dependency} is missing");
            Assert.True(dependency.Exact is null || dependency.Exact == version, $"seed {seed}: {dependency} got {version}");
        }

        Assert.All(packages.Where(p => p.Id.Name.Text != "p0"), p => Assert.NotEmpty(p.RequiredBy));
    }

    /// <summary>All demands exact: the closure is forced, so it either exists or it does not.</summary>
    static Dictionary<string, string>? ExactClosure(Universe universe, string start)
    {
        var chosen = new Dictionary<string, string>();
        var open = new Stack<(string Name, string Version)>([(start, "1")]);
        while (open.TryPop(out var next))
        {
            if (chosen.TryGetValue(next.Name, out var version))
            {
                if (version != next.Version)
                {
                    return null;
                }

                continue;
            }

            var candidate = universe.Of(PackageName.Parse(next.Name)).FirstOrDefault(c => c.Id.Version.Text == next.Version);
            if (candidate is null)
            {
                return null;
            }

            chosen.Add(next.Name, next.Version);
            foreach (var dependency in candidate.Dependencies)
            {
                open.Push((dependency.Name.Text, dependency.Exact!.Text));
            }
        }

        return chosen;
    }

    static Universe RandomUniverse(Random random, bool onlyExact = false)
    {
        var lines = new List<string>();
        for (var name = 0; name < 6; name++)
        {
            for (var version = 1; version <= 3; version++)
            {
                var dependencies = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 6)).Distinct()
                    .Select(d => onlyExact || random.Next(3) == 0 ? $"p{d}@{random.Next(1, 4)}" : $"p{d}");
                lines.Add($"p{name} {version} : {string.Join(' ', dependencies)}");
            }
        }

        return new Universe(string.Join('\n', lines));
    }
}
