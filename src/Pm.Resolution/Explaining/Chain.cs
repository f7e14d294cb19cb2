using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>
/// The plain kind of conflict: each demand for one package with the one path that leads to it from an ask, whatever versions are chosen on the way.
/// It is told by these paths, which read better than conclusions.
/// </summary>
sealed class Chain
{
    readonly List<Demand> _demands;
    readonly Dictionary<PackageVariable, VersionBits> _unavailable;

    Chain(PackageVariable target, List<Demand> demands, Dictionary<PackageVariable, VersionBits> unavailable, List<Incompatibility> states)
    {
        (Target, _demands, _unavailable, States) = (target, demands, unavailable, states);
        Paths = [.. demands.Where(d => d.Target == target).Select(d => (Demand: d, Text: Path(d), Rank: Rank(d)))
            .OrderBy(d => d.Rank).ThenBy(d => d.Text, StringComparer.Ordinal).Select(d => (d.Demand, d.Text))];
    }

    /// <summary>What no version is left of.</summary>
    public PackageVariable Target { get; }

    /// <summary>The demands for it with their paths; what was named on the command line first.</summary>
    public IReadOnlyList<(Demand Demand, string Path)> Paths { get; }

    /// <summary>Why versions cannot be chosen.</summary>
    public IReadOnlyList<Incompatibility> States { get; }

    /// <summary>The paths; null where the conflict is of another kind.</summary>
    public static Chain? Of(IReadOnlyList<Incompatibility> facts, PackageSearch search, Wording wording)
    {
        if (facts.Count > Core.MostFacts)
        {
            return null;
        }

        var demands = new List<Demand>();
        var unavailable = new Dictionary<PackageVariable, VersionBits>();
        var states = new List<Incompatibility>();
        foreach (var fact in facts)
        {
            if (ToDemand(fact, search, wording) is { } demand && demand.Target != demand.By)
            {
                demands.Add(demand);
            }
            else if (fact.Terms.Length == 1)
            {
                var (package, values) = wording.DependentOf(fact);
                unavailable[package] = unavailable.TryGetValue(package, out var known) ? known | values : values;
                states.Add(fact);
            }
            else
            {
                return null;
            }
        }

        var targets = demands.Select(d => d.Target).Distinct().Except(demands.Select(d => d.By).OfType<PackageVariable>()).ToList();
        if (targets.Count != 1)
        {
            return null;
        }

        return IsPlain(targets[0], demands, unavailable) ? new Chain(targets[0], demands, unavailable, states) : null;
    }

    static Demand? ToDemand(Incompatibility fact, PackageSearch search, Wording wording)
    {
        switch (fact.Fact)
        {
            case ConflictFact.Asked { Ask: var ask }:
                return new Demand(search.Shared(ask.Wanted.Name)!, ask.Wanted, ask, null, default);
            case ConflictFact.Needed { Need: var need }:
                var (package, values) = wording.DependentOf(fact);
                return new Demand(search.Meets(package, need)!, need, null, package, values);
            default:
                return null;
        }
    }

    /// <summary>Whether every package on the way has one demand, and makes its own whatever version fulfils that.</summary>
    static bool IsPlain(PackageVariable target, List<Demand> demands, Dictionary<PackageVariable, VersionBits> unavailable)
    {
        foreach (var package in demands.Select(d => d.Target).Where(p => p != target).Distinct())
        {
            var into = demands.FindAll(d => d.Target == package);
            if (into.Count != 1 || !demands.Where(d => d.By == package).All(d => Allowed(into, unavailable).IsSubsetOf(d.When)))
            {
                return false;
            }
        }

        var steps = demands.Where(d => d.By is not null).ToDictionary(d => d, d => demands.Find(o => o.Target == d.By));
        return Allowed(demands.FindAll(d => d.Target == target), unavailable).IsEmpty
            && demands.All(d => EndsInAsk(d, steps));
    }

    static bool EndsInAsk(Demand demand, Dictionary<Demand, Demand?> steps)
    {
        var at = demand;
        for (var left = steps.Count; at?.By is not null && left >= 0; left--)
        {
            at = steps[at];
        }

        return at is { By: null };
    }

    static VersionBits Allowed(List<Demand> into, Dictionary<PackageVariable, VersionBits> unavailable)
    {
        var package = into[0].Target;
        var allowed = into.Select(d => package.Fulfilling(d.Need.Versions)).Aggregate((left, right) => left & right);
        return unavailable.TryGetValue(package, out var values) ? allowed - values : allowed;
    }

    Ask Root(Demand demand) => demand.Ask ?? Root(_demands.Find(d => d.Target == demand.By)!);

    int Rank(Demand demand) => Root(demand).Reason is AskReason.Named or AskReason.Manifest ? 0 : 1;

    string Path(Demand demand)
    {
        if (demand.By is not { } by)
        {
            return demand.Ask!.ToString();
        }

        var before = _demands.Find(d => d.Target == by)!;
        var versions = Allowed([before], _unavailable);
        var verb = versions.Count > 1 && !by.Versions.IsSubsetOf(versions) ? "need" : "needs";
        return $"{Path(before)} → {Wording.Versions(by, versions)} {verb} {demand.Need}{(demand.Need.IsPrivate ? " for itself" : "")}";
    }
}
