using System.Collections.Immutable;
using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>Says why there is no solution, in words that name every package on the way.</summary>
static class Explanation
{
    /// <summary>Most facts that are named where there are too many to be derived from.</summary>
    const int MostFacts = 30;

    public static ResolutionResult.Conflict OfEndless(ResolutionInput input) => new(
        "PM7008", $"no choice of versions was found that fits, nor that there is none, after {input.MaximumConflicts} conflicts", [],
        "ask for exact versions of what you know");

    public static ResolutionResult.Conflict Of(Incompatibility end, ResolutionInput input, PackageSearch search)
    {
        var core = Core.Of(end, search);
        var facts = core.Facts();
        var wording = new Wording(search, core.Packages);
        var conflict = Chain.Of(facts, search, wording) is { } chain
            ? OfChain(chain, wording, input)
            : OfDerivation(core.End, facts, wording);
        return conflict with { Facts = [.. facts.Select(f => f.Fact!)] };
    }

    static ResolutionResult.Conflict OfChain(Chain chain, Wording wording, ResolutionInput input)
    {
        var conflict = chain.Paths.Count > 1 ? Contradiction(chain, wording) : NotThere(chain, wording, input);
        var overridden = input.Overrides(chain.Target.Name) is null ? [] : new[] { $"{chain.Target.Name} is overridden: {Wording.There(chain.Target)} is all there is" };
        return conflict with
        {
            Because = [.. conflict.Because, .. chain.States.Where(s => chain.Paths.Count > 1 || wording.DependentOf(s).Package != chain.Target).Select(wording.Of), .. overridden],
        };
    }

    static ResolutionResult.Conflict Contradiction(Chain chain, Wording wording)
    {
        var name = Wording.Name(chain.Target);
        var demanded = chain.Paths.Select(p => p.Demand.Need.Versions).Distinct().ToList();
        var message = demanded is [{ Exact: { } one }, { Exact: { } other }]
            ? $"{name}: version {one} and version {other} are both demanded, only one can be installed"
            : $"{name}: {Wording.Join([.. chain.Paths.Select(p => p.Demand.Need.ToString()).Distinct()], "and")} are {(demanded.Count == 2 ? "both " : "")}demanded, and none of {Wording.There(chain.Target)} fits";
        return new ResolutionResult.Conflict("PM7001", message, [.. chain.Paths.Select(p => p.Path)], Hints.OfContradiction(chain, wording));
    }

    /// <summary>One demand, and nothing that fulfils it.</summary>
    static ResolutionResult.Conflict NotThere(Chain chain, Wording wording, ResolutionInput input)
    {
        var (demand, text) = chain.Paths[0];
        ImmutableArray<string> path = demand.By is null ? [] : [text];
        var (target, name) = (chain.Target, Wording.Name(chain.Target));
        if (target.Versions.IsEmpty)
        {
            return UnknownName(demand, path, input);
        }

        var own = chain.States.Where(s => wording.DependentOf(s).Package == target).ToList();
        var fulfilling = target.Fulfilling(demand.Need.Versions);
        if (fulfilling.IsEmpty)
        {
            var what = demand.Need.Versions.Exact is { } exact ? $"version {exact}" : $"version that fits {demand.Need.Versions}";
            return new("PM7003", $"{name} has no {what}; there are {Wording.There(target)}", path, Hints.OfMissing(demand));
        }

        var which = demand.Need.Versions.Exact is { } version ? $"version {version} of {name}"
            : $"every version of {name}" + (fulfilling.Equals(target.Versions) ? "" : $" that fits {demand.Need.Versions}");
        if (own.All(s => s.Fact is ConflictFact.Yanked))
        {
            return new("PM7004", $"{which} is yanked: {Wording.There(target)}", path, $"pm install {target.Name}@{target.Version(fulfilling.Lowest)}");
        }

        if (own.All(s => s.Fact is ConflictFact.TooYoung or ConflictFact.Yanked))
        {
            return new("PM7006", $"{which} is younger than {Wording.Age(input.MinimumAge!.Least)}", [.. path, .. own.Count > 1 ? own.Select(wording.Of) : []], Hints.OfAge(own));
        }

        return new(CodeOf(own), own is [{ } only] ? wording.Of(only) : $"no version of {name} can be used", own.Count == 1 ? path : [.. path, .. own.Select(wording.Of)], Hints.OfFacts(own, wording));
    }

    static ResolutionResult.Conflict UnknownName(Demand demand, ImmutableArray<string> path, ResolutionInput input)
    {
        var near = input.Suggestions(demand.Need.Name);
        var hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near.Select(n => $"`{n}`"))}?" : "`pm pull` brings the newest lists; `pm search WORD` looks for a word";
        return new("PM7002", $"no package is called {demand.Need.Name}", path, hint);
    }

    static ResolutionResult.Conflict OfDerivation(Incompatibility least, List<Incompatibility> facts, Wording wording)
    {
        var asks = facts.Select(f => f.Fact).OfType<ConflictFact.Asked>().Select(a => a.Ask.Wanted.ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        var ring = facts.Find(f => f.Fact is ConflictFact.Cycle);
        var lines = Derivation.Write(least, wording)
            ?? [.. facts.Take(MostFacts).Select(wording.Of), .. facts.Count > MostFacts ? new[] { $"and {facts.Count - MostFacts} more facts" } : []];
        return new(CodeOf(facts), ring is not null ? wording.Of(ring) : $"{Wording.Join(asks, "and")} cannot be had{(asks.Count > 1 ? " together" : "")}: no choice of versions fits", [.. lines], Hints.OfFacts(facts, wording));
    }

    static string CodeOf(IEnumerable<Incompatibility> facts) => facts.Any(f => f.Fact is ConflictFact.Cycle) ? "PM7007" : "PM7001";
}
