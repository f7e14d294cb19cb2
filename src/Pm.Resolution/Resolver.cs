using Pm.Resolution.Explaining;
using Pm.Resolution.Solving;

namespace Pm.Resolution;

/// <summary>Chooses versions: newest or exact or in a range, one version a name, transitively. The only place that knows how.</summary>
/// <remarks>
/// PubGrub: packages are decided one after the other, level by level from what was asked for; what a decision rules out is concluded at once, and from
/// a contradiction it is learned which choices cannot stand together, so that none is made twice. Equal inputs give equal results, in whatever order asks, candidates
/// and dependencies are given. See src/Pm.Resolution/README.md.
/// </remarks>
public static class Resolver
{
    /// <summary>Resolves <paramref name="input"/>. Total: every outcome is a value.</summary>
    public static ResolutionResult Resolve(ResolutionInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var source = new CandidateSource(input);
        var result = Resolve(input, source);
        if (result is not ResolutionResult.Conflict conflict || !conflict.Facts.Any(f => f is ConflictFact.Yanked))
        {
            return result;
        }

        // Perhaps a package that was never met names what was yanked. What nobody names in the end does not count.
        source.Relent();
        if (Resolve(input, source) is ResolutionResult.Solved solved)
        {
            return solved;
        }

        // Told without the choices that were tried and did not count: there is none without them either.
        source.Insist();
        return Resolve(input, source);
    }

    static ResolutionResult Resolve(ResolutionInput input, CandidateSource source)
    {
        var search = new PackageSearch(input, source);
        while (true)
        {
            var end = search.Run();
            if (search.IsOutdated)
            {
                search = new PackageSearch(input, source);
                continue;
            }

            if (search.IsEndless)
            {
                return Explanation.OfEndless(input);
            }

            if (end is not null)
            {
                return Explanation.Of(end, input, search);
            }

            var solution = new Solution(input, source, search);
            if (solution.Unjustified() is not { } yanked)
            {
                return solution.ToResult();
            }

            search.RefuseChoice(yanked);
        }
    }
}
