using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution.Tests;

/// <summary>A random small index and what is asked of it; the same for the same seed.</summary>
sealed class RandomWorld
{
    static readonly string[] Versions = ["1.0.0", "1.1.0", "1.2.0-rc.1", "2.0.0", "2.1.0", "3.0.0-rc.1"];
    static readonly string[] Requirements = ["^1", "^2", "=1.0.0", "~1.1", ">=1.1, <2.1", "<2", "*", ">=1.2.0-rc.1", "^1 || ^3", ">2"];

    RandomWorld(IReadOnlyList<string> lines, ImmutableArray<Need> asks)
    {
        Asks = asks;
        var universe = new Universe(lines);
        Index = universe.Names.ToDictionary(n => n, universe.Of);
    }

    public IReadOnlyDictionary<PackageName, IReadOnlyList<Candidate>> Index { get; }

    public ImmutableArray<Need> Asks { get; }

    public static RandomWorld Of(int seed)
    {
        var random = new Random(seed);
        var names = random.Next(3, 7);
        var lines = new List<string>();
        for (var name = 0; name < names; name++)
        {
            foreach (var version in Versions.Where(_ => random.Next(5) < 3))
            {
                var yanked = random.Next(8) == 0 ? " yanked" : "";
                lines.Add($"p{name} {version}{yanked} : {string.Join("; ", Needs(random, names, name, random.Next(4)))}");
            }
        }

        return new RandomWorld(lines, [.. Needs(random, names, -1, random.Next(1, 4)).Select(Universe.ParseNeed)]);
    }

    public ResolutionInput ToInput(Random? shuffled = null) => new()
    {
        Asks = [.. Mixed(Asks.Select(a => new Ask(a, AskReason.Named)), shuffled)],
        Candidates = name => CandidateList.Of(Mixed(
            Index.GetValueOrDefault(name, []).Select(c => c with { Needs = [.. Mixed(c.Needs, shuffled)] }), shuffled)),

        // These worlds are small: in some of them every way back is a far one.
        FarBack = Index.Count % 2 == 0 ? 0 : ResolutionInput.DefaultFarBack,
    };

    /// <summary>Exact demands name no pre-release and no yanked version more often than others, so that the rules about them are met.</summary>
    static IEnumerable<string> Needs(Random random, int names, int self, int count)
    {
        foreach (var name in Enumerable.Range(0, count).Select(_ => random.Next(names)).Where(n => n != self).Distinct().ToList())
        {
            yield return random.Next(6) switch
            {
                0 => $"p{name}",
                1 => $"p{name}@{Versions[random.Next(Versions.Length)]}",
                _ => $"p{name} {Requirements[random.Next(Requirements.Length)]}",
            };
        }
    }

    static List<T> Mixed<T>(IEnumerable<T> items, Random? random)
    {
        var list = items.ToList();
        for (var i = list.Count - 1; random is not null && i > 0; i--)
        {
            var other = random.Next(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }

        return list;
    }
}
