using Pm.Packages;
using Xunit;

namespace Pm.Resolution.Tests;

/// <summary>The resolver against trying everything, in thousands of random small worlds.</summary>
public class OracleTests
{
    const int Worlds = 5000;

    [Fact]
    public void It_finds_a_solution_where_there_is_one_and_only_there()
    {
        var solvable = 0;
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = RandomWorld.Of(seed);
            var expected = Oracle(world).IsSolvable();

            Assert.True(expected == Resolver.Resolve(world.ToInput()) is ResolutionResult.Solved, $"seed {seed}: expected {(expected ? "a solution" : "none")}");
            solvable += expected ? 1 : 0;
        }

        Assert.InRange(solvable, Worlds / 10, Worlds * 9 / 10);
    }

    [Fact]
    public void A_solution_is_whole_holds_nothing_else_and_no_package_of_it_could_be_newer()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = RandomWorld.Of(seed);
            if (Resolver.Resolve(world.ToInput()) is not ResolutionResult.Solved solved)
            {
                continue;
            }

            var chosen = solved.Packages.ToDictionary(p => p.Id.Name, p => p.Candidate);
            Assert.True(Oracle(world).IsValid(chosen), $"seed {seed}");
            Assert.All(solved.Packages, p => Assert.True(p.IsAsked || !p.RequiredBy.IsEmpty, $"seed {seed}: {p.Id}"));
            Assert.All(chosen.Values, c => Assert.False(CouldBeBetter(world, chosen, c), $"seed {seed}: {c.Id}"));
        }
    }

    [Fact]
    public void The_order_in_which_anything_is_told_changes_nothing()
    {
        for (var seed = 0; seed < Worlds / 4; seed++)
        {
            var world = RandomWorld.Of(seed);
            var expected = Text(Resolver.Resolve(world.ToInput()));

            for (var order = 1; order <= 3; order++)
            {
                Assert.Equal(expected, Text(Resolver.Resolve(world.ToInput(new Random(order)))));
            }
        }
    }

    [Fact]
    public void Every_fact_of_an_explanation_is_one_of_the_index_or_an_ask()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = RandomWorld.Of(seed);
            if (Resolver.Resolve(world.ToInput()) is ResolutionResult.Conflict conflict)
            {
                Assert.NotEmpty(conflict.Facts);
                Assert.All(conflict.Facts, f => Assert.True(IsReal(world, f), $"seed {seed}: {f}"));
                Assert.NotEmpty(conflict.Message);
            }
        }
    }

    /// <summary>A world in which nothing is so but the facts has no solution either, and has one as soon as any of them is left out.</summary>
    [Fact]
    public void The_facts_of_an_explanation_contradict_each_other_and_none_is_superfluous()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = RandomWorld.Of(seed);
            if (Resolver.Resolve(world.ToInput()) is not ResolutionResult.Conflict conflict)
            {
                continue;
            }

            Assert.False(OfFacts(world, conflict.Facts).IsSolvable(), $"seed {seed}");
            Assert.All(conflict.Facts, f => Assert.True(OfFacts(world, [.. conflict.Facts.Where(o => o != f)]).IsSolvable(), $"seed {seed}: without {f}"));
        }
    }

    [Fact]
    public void Minimal_takes_versions_of_which_none_could_be_older()
    {
        for (var seed = 0; seed < Worlds / 4; seed++)
        {
            var world = RandomWorld.Of(seed);
            if (Resolver.Resolve(world.ToInput() with { Choice = VersionChoice.Minimal }) is not ResolutionResult.Solved solved)
            {
                continue;
            }

            var chosen = solved.Packages.ToDictionary(p => p.Id.Name, p => p.Candidate);
            Assert.True(Oracle(world).IsValid(chosen), $"seed {seed}");
            Assert.All(chosen.Values, c => Assert.False(
                world.Index[c.Id.Name].Any(o => Rank(o) == Rank(c) && o.Id.Version < c.Id.Version && Fits(world, chosen, o)), $"seed {seed}: {c.Id}"));
        }
    }

    static string Text(ResolutionResult result) => result switch
    {
        ResolutionResult.Solved solved => string.Join(' ', solved.Packages.Select(p => p.Id)),
        ResolutionResult.Conflict conflict => string.Join('\n', conflict.Because.Prepend(conflict.Message).Append(conflict.Hint)),
        _ => "",
    };

    static bool CouldBeBetter(RandomWorld world, Dictionary<PackageName, Candidate> chosen, Candidate candidate) =>
        world.Index[candidate.Id.Name].Any(o => IsBetter(o, candidate) && Fits(world, chosen, o));

    static bool Fits(RandomWorld world, Dictionary<PackageName, Candidate> chosen, Candidate instead) =>
        Oracle(world).IsValid(new Dictionary<PackageName, Candidate>(chosen) { [instead.Id.Name] = instead });

    static bool IsBetter(Candidate one, Candidate other) =>
        Rank(one) < Rank(other) || (Rank(one) == Rank(other) && one.Id.Version > other.Id.Version);

    static int Rank(Candidate candidate) => candidate.IsYanked ? 2 : candidate.Id.Version.IsPreRelease ? 1 : 0;

    /// <summary>Yanked versions are for who names them exactly.</summary>
    static BruteForce Oracle(RandomWorld world) => new(world.Index, world.Asks)
    {
        MayBe = (c, chosen) => !c.IsYanked || world.Asks.Concat(chosen.Values.SelectMany(o => o.Needs)).Any(n => n.Name == c.Id.Name && n.Versions.Exact == c.Id.Version),
    };

    static bool IsReal(RandomWorld world, ConflictFact fact) => fact switch
    {
        ConflictFact.Asked asked => world.Asks.Contains(asked.Ask.Wanted),
        ConflictFact.Needed needed => needed.Versions.All(v => Of(world, needed.Name, v).Needs.Contains(needed.Need)) && !needed.Versions.IsEmpty,
        ConflictFact.Yanked yanked => yanked.Versions.All(v => Of(world, yanked.Name, v).IsYanked) && !yanked.Versions.IsEmpty,
        _ => false,
    };

    static Candidate Of(RandomWorld world, PackageName name, PackageVersion version) => world.Index[name].Single(c => c.Id.Version == version);

    static BruteForce OfFacts(RandomWorld world, IReadOnlyCollection<ConflictFact> facts)
    {
        var needed = facts.OfType<ConflictFact.Needed>().ToList();
        var yanked = facts.OfType<ConflictFact.Yanked>().SelectMany(y => y.Versions.Select(v => new PackageId(y.Name, v))).ToHashSet();
        var index = world.Index.ToDictionary(
            pair => pair.Key,
            IReadOnlyList<Candidate> (pair) => [.. pair.Value.Where(c => !yanked.Contains(c.Id)).Select(c => c with
            {
                Needs = [.. needed.Where(n => n.Name == c.Id.Name && n.Versions.Contains(c.Id.Version)).Select(n => n.Need)],
            })]);
        return new BruteForce(index, [.. facts.OfType<ConflictFact.Asked>().Select(a => a.Ask.Wanted)]);
    }
}
