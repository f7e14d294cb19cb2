using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>Which demand to give up, or what to type. Each of a least number of facts is enough to give up; this picks the one that costs least.</summary>
static class Hints
{
    /// <summary>Several demands for one package.</summary>
    public static string OfContradiction(Chain chain, Wording wording)
    {
        var demands = chain.Paths.Select(p => p.Demand).ToList();
        if (demands.Find(d => d.Ask?.Reason == AskReason.Pinned) is not null)
        {
            return $"pm pin --remove {chain.Target.Name}";
        }

        if (demands.Find(d => d.Ask?.Reason == AskReason.Named) is { } named)
        {
            var others = demands.FindAll(d => d != named);
            return others is [{ Need.Versions.Exact: not null } only] ? $"pm install {only.Need}"
                : !named.Need.Versions.IsAny && others.Exists(d => d.Need.Versions.Exact is null) ? $"pm install {chain.Target.Name}"
                : $"leave out one of {Wording.Join([.. demands.Select(d => $"`{d.Need}`")], "and")}";
        }

        if (demands.Find(d => d.Ask?.Reason == AskReason.Manifest) is { } own)
        {
            return $"relax `{own.Need}` in the project";
        }

        var yanked = chain.States.FirstOrDefault(s => s.Fact is ConflictFact.Yanked && wording.DependentOf(s).Package == chain.Target);
        return yanked is not null
            ? $"pm install {chain.Target.Name}@{chain.Target.Version(wording.DependentOf(yanked).Values.Lowest)}"
            : $"relax {Wording.Join([.. demands.Select(d => $"`{d.Need}` of {d.By!.Name}")], "or")}";
    }

    /// <summary>One demand, which no version fulfils.</summary>
    public static string OfMissing(Demand demand) => demand.Ask?.Reason switch
    {
        AskReason.Pinned => $"pm pin --remove {demand.Target.Name}",
        AskReason.Manifest => $"relax `{demand.Need}` in the project",
        null when demand.Need.Versions.Exact is null => $"relax `{demand.Need}` of {demand.By!.Name}",
        _ => $"pm install {demand.Target.Name}@{demand.Target.Version(1)}",
    };

    public static string OfAge(List<Incompatibility> young)
    {
        var fact = young.Select(s => s.Fact).OfType<ConflictFact.TooYoung>().First();
        return $"pm install {fact.Name}@{fact.Versions[0]}";
    }

    /// <summary>Anything else: a ring, a pin, what was asked for with a requirement, then what a package demands.</summary>
    public static string? OfFacts(IReadOnlyList<Incompatibility> facts, Wording wording)
    {
        var asks = facts.Select(f => f.Fact).OfType<ConflictFact.Asked>().Select(a => a.Ask).OrderBy(a => a.Wanted.Name).ToList();
        if (facts.Any(f => f.Fact is ConflictFact.Cycle))
        {
            return "take one dependency out of the ring, or ask for a version that does without it";
        }

        if (asks.Find(a => a.Reason == AskReason.Pinned) is { } pin)
        {
            return $"pm pin --remove {pin.Wanted.Name}";
        }

        if (asks.Find(a => !a.Wanted.Versions.IsAny && a.Reason is AskReason.Manifest) is { } own)
        {
            return $"relax `{own.Wanted}` in the project";
        }

        if (asks.Find(a => !a.Wanted.Versions.IsAny && a.Reason is AskReason.Named) is { } named)
        {
            return $"pm install {named.Wanted.Name}";
        }

        if (facts.FirstOrDefault(f => f.Fact is ConflictFact.Needed { Need.Versions.IsAny: false }) is { Fact: ConflictFact.Needed needed } fact)
        {
            var (package, values) = wording.DependentOf(fact);
            return $"relax `{needed.Need}` of {Wording.Versions(package, values)}";
        }

        return facts.Any(f => f.Fact is ConflictFact.Unreadable) ? "`pm pull`: its publisher has to mend it" : null;
    }
}
