using System.Globalization;
using Pm.Packages;
using Pm.Packages.Versions;
using Pm.Resolution;

namespace Pm.Bench;

/// <summary>
/// Conflict-heavy: a graph to be coloured with three colours. A node is a package with a version a colour, an edge one with a version for each pair of
/// different colours, and a node needs the versions of its edges that go with its colour.
/// </summary>
sealed class ColouredGraph
{
    const int Colours = 3;

    readonly Dictionary<PackageName, CandidateList> _packages = [];
    readonly List<PackageName> _nodes = [];

    /// <summary>A graph that can be coloured; with a clique of four at its end it cannot.</summary>
    internal ColouredGraph(int nodes, double edgesEach, int seed, bool hasClique)
    {
        var random = new Random(seed);
        var colour = Enumerable.Range(0, nodes).Select(_ => random.Next(Colours)).ToArray();
        var edges = new HashSet<(int, int)>();
        while (edges.Count < nodes * edgesEach)
        {
            var (one, other) = (random.Next(nodes), random.Next(nodes));
            if (colour[one] != colour[other])
            {
                edges.Add((Math.Min(one, other), Math.Max(one, other)));
            }
        }

        for (var one = nodes - 4; hasClique && one < nodes; one++)
        {
            for (var other = one + 1; other < nodes; other++)
            {
                edges.Add((one, other));
            }
        }

        Fill(nodes, [.. edges.Order()]);
    }

    internal ResolutionResult Resolve() => Resolver.Resolve(new ResolutionInput
    {
        Asks = [.. _nodes.Select(n => new Ask(new Need(n, VersionRequirement.Any), AskReason.Named))],
        Candidates = name => _packages.GetValueOrDefault(name, CandidateList.Empty),
    });

    void Fill(int nodes, IReadOnlyList<(int One, int Other)> edges)
    {
        (int First, int Second)[] pairs = [.. from a in Enumerable.Range(0, Colours) from b in Enumerable.Range(0, Colours) where a != b select (a, b)];
        foreach (var (one, other) in edges)
        {
            _packages.Add(Edge(one, other), CandidateList.Of(pairs.Select((_, at) => Candidate(Edge(one, other), at, []))));
        }

        for (var node = 0; node < nodes; node++)
        {
            var name = PackageName.Parse(string.Create(CultureInfo.InvariantCulture, $"node-{node:0000}"));
            _nodes.Add(name);
            var own = edges.Where(e => e.One == node || e.Other == node).ToList();
            _packages.Add(name, CandidateList.Of(Enumerable.Range(0, Colours).Select(
                colour => Candidate(name, colour, own.Select(e => new Need(Edge(e.One, e.Other), Fitting(pairs, e.One == node, colour)))))));
        }
    }

    /// <summary>The versions of an edge whose one end has a colour.</summary>
    static VersionRequirement Fitting((int First, int Second)[] pairs, bool isFirst, int colour)
    {
        var versions = Enumerable.Range(0, pairs.Length).Where(at => (isFirst ? pairs[at].First : pairs[at].Second) == colour);
        return VersionRequirement.Parse(string.Join(" || ", versions.Select(at => string.Create(CultureInfo.InvariantCulture, $"={at + 1}.0.0"))));
    }

    static PackageName Edge(int one, int other) => PackageName.Parse(string.Create(CultureInfo.InvariantCulture, $"edge-{one:0000}-{other:0000}"));

    static Candidate Candidate(PackageName name, int number, IEnumerable<Need> needs) =>
        new(new PackageId(name, PackageVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{number + 1}.0.0"))), [.. needs], IsYanked: false);
}
