using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Versions;
using Xunit;

namespace Pm.Resolution.Tests;

public class ResolverTests
{
    [Fact]
    public void Names_are_announced_together_before_the_first_of_them_is_asked_for()
    {
        var universe = new Universe(["app 1.0 : b; a", "a 1.0 : c", "b 1.0 : c", "c 1.0"]);
        var told = new List<string>();

        Resolver.Resolve(new ResolutionInput
        {
            Asks = Asks("app"),
            Candidates = name =>
            {
                told.Add(name.Text);
                return CandidateList.Of(universe.Of(name));
            },
            Upcoming = names => told.Add($"[{string.Join(' ', names)}]"),
        });

        Assert.Equal(["[app]", "app", "[a b]", "a", "b", "[c]", "c"], told);
    }

    [Fact]
    public void A_long_chain_is_followed_to_its_end_and_told_when_it_has_none()
    {
        const int length = 20_000;
        var solved = Resolver.Resolve(Chain(length, end: "p0"));
        var conflict = Resolver.Resolve(Chain(length, end: "nowhere"));

        Assert.Equal(length, Assert.IsType<ResolutionResult.Solved>(solved).Packages.Length);
        Assert.NotEmpty(Assert.IsType<ResolutionResult.Conflict>(conflict).Because);
    }

    [Theory]
    [InlineData("^1", "1.199.0")]
    [InlineData("<1.64", "1.63.0")]
    [InlineData("<1.63", "1.62.0")]
    [InlineData("=1.0.0", "1.0.0")]
    [InlineData("<1.130, >=1.128", "1.129.0")]
    public void A_package_may_have_more_versions_than_a_word_has_bits(string requirement, string expected)
    {
        var universe = new Universe(Enumerable.Range(0, 200).Select(i => $"a 1.{i}.0"));

        var solved = Assert.IsType<ResolutionResult.Solved>(Resolver.Resolve(new ResolutionInput
        {
            Asks = Asks($"a {requirement}"),
            Candidates = name => CandidateList.Of(universe.Of(name)),
        }));

        Assert.Equal(expected, Assert.Single(solved.Packages).Id.Version.Text);
    }

    /// <summary>Without rings: what the newest and exact versions alone lead to, when it can be had, is what is chosen: nobody gets an older one for the sake of a library.</summary>
    [Fact]
    public void Where_every_newest_version_can_be_had_under_the_exact_demands_it_is()
    {
        var compared = 0;
        for (var seed = 0; seed < 4000; seed++)
        {
            var universe = ExactUniverse(new Random(seed));
            if (PlainWalk(universe, "p0") is not { } expected)
            {
                continue;
            }

            var solved = Assert.IsType<ResolutionResult.Solved>(Resolver.Resolve(new ResolutionInput
            {
                Asks = Asks("p0"),
                Candidates = name => CandidateList.Of(universe.Of(name)),
            }));
            Assert.True(expected.SetEquals(solved.Packages.Select(p => p.Id)), $"seed {seed}");
            compared++;
        }

        Assert.InRange(compared, 500, 3999);
    }

    static ImmutableArray<Ask> Asks(params string[] needs) => [.. needs.Select(n => new Ask(Universe.ParseNeed(n), AskReason.Named))];

    static ResolutionInput Chain(int length, string end) => new()
    {
        Asks = Asks("p0"),
        Candidates = name =>
        {
            var number = name.Text == "nowhere" ? -1 : int.Parse(name.Text[1..], System.Globalization.CultureInfo.InvariantCulture);
            var next = PackageName.Parse(number + 1 == length ? end : $"p{number + 1}");
            return number < 0 ? CandidateList.Empty
                : CandidateList.Of([new Candidate(new PackageId(name, PackageVersion.Parse("1.0")), [new Need(next, VersionRequirement.Any)], IsYanked: false)]);
        },
    };

    static Universe ExactUniverse(Random random)
    {
        var lines = new List<string>();
        for (var name = 0; name < 7; name++)
        {
            for (var version = 1; version <= 3; version++)
            {
                var needs = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1, 7)).Where(n => n > name).Distinct().ToList()
                    .Select(n => random.Next(4) == 0 ? $"p{n}@{random.Next(1, 4)}" : $"p{n}");
                lines.Add($"p{name} {version} : {string.Join("; ", needs)}");
            }
        }

        return new Universe(lines);
    }

    /// <summary>Takes the newest of everything, an exact one where one was met; null where that does not end well at once or the second time.</summary>
    static HashSet<PackageId>? PlainWalk(Universe universe, string start)
    {
        var exact = new Dictionary<PackageName, PackageVersion>();
        for (var round = 0; round < 2; round++)
        {
            var chosen = new Dictionary<PackageName, Candidate>();
            var open = new Queue<Need>([Universe.ParseNeed(start)]);
            var demanded = new Dictionary<PackageName, PackageVersion>();
            while (open.TryDequeue(out var need))
            {
                if (need.Versions.Exact is { } version && !demanded.TryAdd(need.Name, version) && demanded[need.Name] != version)
                {
                    return null;
                }

                if (!chosen.ContainsKey(need.Name))
                {
                    var wanted = exact.GetValueOrDefault(need.Name);
                    var candidate = universe.Of(need.Name).Where(c => wanted is null || c.Id.Version == wanted).MaxBy(c => c.Id.Version);
                    if (candidate is null)
                    {
                        return null;
                    }

                    chosen.Add(need.Name, candidate);
                    candidate.Needs.ToList().ForEach(open.Enqueue);
                }
            }

            if (demanded.All(d => chosen[d.Key].Id.Version == d.Value) && exact.All(e => demanded.GetValueOrDefault(e.Key) == e.Value))
            {
                return [.. chosen.Values.Select(c => c.Id)];
            }

            exact = demanded;
        }

        return null;
    }
}
