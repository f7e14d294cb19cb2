using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Says why there is no solution, in words that name every package on the way.</summary>
static class Explanation
{
    const int ShownVersions = 5;

    public static ResolutionResult.Conflict Contradiction(Demand one, Demand other)
    {
        var name = one.Wanted.Name;
        var hint = (one.Reason, other.Reason) switch
        {
            (AskReason.Pinned, _) or (_, AskReason.Pinned) => $"pm pin --remove {name}",
            (AskReason.Named, _) => $"pm install {other.Wanted}",
            (_, AskReason.Named) => $"pm install {one.Wanted}",
            _ => null,
        };
        return new ResolutionResult.Conflict(
            "PM7001",
            $"{name}: version {one.Wanted.Exact} and version {other.Wanted.Exact} are both demanded, only one can be installed",
            [one.Path(), other.Path()],
            hint);
    }

    public static ResolutionResult.Conflict NotFound(
        Demand demand, IReadOnlyList<Candidate> candidates, Func<PackageName, IReadOnlyList<PackageName>> suggestions)
    {
        ImmutableArray<string> path = demand.By is null ? [] : [demand.Path()];
        return candidates.Count == 0
            ? UnknownName(demand, path, suggestions)
            : NoSuchVersion(demand, path, candidates);
    }

    static ResolutionResult.Conflict UnknownName(
        Demand demand, ImmutableArray<string> path, Func<PackageName, IReadOnlyList<PackageName>> suggestions)
    {
        var near = suggestions(demand.Wanted.Name);
        var hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near.Select(n => $"`{n}`"))}?" : "`pm pull` brings the newest lists; `pm search WORD` looks for a word";
        return new ResolutionResult.Conflict("PM7002", $"no package is called {demand.Wanted.Name}", path, hint);
    }

    static ResolutionResult.Conflict NoSuchVersion(
        Demand demand, ImmutableArray<string> path, IReadOnlyList<Candidate> candidates)
    {
        var shown = candidates.Take(ShownVersions).Select(c => c.Id.Version.Text + (c.IsYanked ? " (yanked)" : ""));
        var more = candidates.Count > ShownVersions ? $" and {candidates.Count - ShownVersions} older" : "";
        var there = string.Join(", ", shown) + more;
        return demand.Wanted.Exact is { } exact
            ? new("PM7003", $"{demand.Wanted.Name} has no version {exact}; there are {there}", path, $"pm install {demand.Wanted.Name}@{candidates[0].Id.Version}")
            : new("PM7004", $"every version of {demand.Wanted.Name} is yanked: {there}", path, $"pm install {candidates[0].Id}");
    }
}
