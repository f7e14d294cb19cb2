using System.Collections.Immutable;
using System.Diagnostics;
using Pm.Packages.Index;
using Pm.Packages.Versions;
using Pm.Resolution;
using Pm.Stages.Changes;

namespace Pm.Bench;

/// <summary>Choosing versions out of an index of 20,000 names with 30 versions each, and where choices conflict all the time; each beside its twin that has no solution.</summary>
static class ResolveBenchmark
{
    const int Names = 20_000;
    const int Graphs = 10;
    const double MostOverTwin = 2;

    /// <summary>A smaller graph takes a millisecond, and reducing the facts behind its contradiction takes some.</summary>
    const int JudgedNodes = 60;

    static readonly int[] Closures = [100, 1_000, 10_000];

    internal static bool Run(Report report)
    {
        var index = GeneratedRegistry.Make(Names);
        var met = true;
        foreach (var size in Closures)
        {
            var series = Rounds.Run(Rounds.Least, () => Closure(index, size, isSolvable: true), () => Closure(index, size, isSolvable: false));
            report.Figure($"closure of {size} of {Names} × {GeneratedRegistry.Versions}", series[0], "ms");
            report.Figure("its twin without a solution, explained", series[1], "ms");
            met &= report.AtMost("without / with a solution", series[1].Over(series[0]), MostOverTwin);
        }

        foreach (var nodes in new[] { 20, 40, 60 })
        {
            var series = Rounds.Run(Rounds.Least, () => Graph(nodes, hasClique: false), () => Graph(nodes, hasClique: true));
            report.Figure($"{Graphs} graphs of {nodes} nodes, three colours", series[0], "ms");
            report.Figure("their twins without a solution, explained", series[1], "ms");
            met &= nodes < JudgedNodes
                ? NotJudged(report, series[1].Over(series[0]))
                : report.AtMost("without / with a solution", series[1].Over(series[0]), MostOverTwin);
        }

        return met;
    }

    static bool NotJudged(Report report, Series ratio)
    {
        report.NotJudged("without / with a solution", ratio, "a millisecond each, and the explanation takes some");
        return true;
    }

    /// <summary>The twin asks for the first in its third major version, which leads to the same of the last, and for the last in its first.</summary>
    static double Closure(RepositoryIndex index, int size, bool isSolvable)
    {
        var first = new Ask(new Need(GeneratedRegistry.Name(Names - size), VersionRequirement.Parse("^3")), AskReason.Named);
        var last = new Ask(new Need(GeneratedRegistry.Name(Names - 1), VersionRequirement.Parse(isSolvable ? "^3" : "^1")), AskReason.Named);
        var start = Stopwatch.GetTimestamp();
        var result = Resolver.Resolve(new ResolutionInput
        {
            Asks = ImmutableArray.Create(first, last),
            Candidates = name => index.Offered(name) is { } offered ? new OfferedCandidates(offered) : CandidateList.Empty,
        });
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var isRight = result is ResolutionResult.Solved solved ? isSolvable && solved.Packages.Length == size : !isSolvable;
        return isRight ? time : throw new InvalidOperationException($"closure of {size}: {result}");
    }

    static double Graph(int nodes, bool hasClique)
    {
        const double edgesEach = 2.2;
        var graphs = Enumerable.Range(0, Graphs).Select(seed => new ColouredGraph(nodes, edgesEach, seed, hasClique)).ToList();
        var start = Stopwatch.GetTimestamp();
        foreach (var graph in graphs)
        {
            if (graph.Resolve() is ResolutionResult.Solved == hasClique)
            {
                throw new InvalidOperationException($"a graph of {nodes} nodes");
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
