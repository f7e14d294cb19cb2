using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>The facts behind a contradiction, reduced until none of them can be left out.</summary>
/// <param name="End">The contradiction.</param>
/// <param name="Packages">What its variables are.</param>
sealed record Core(Incompatibility End, IReadOnlyList<PackageVariable> Packages)
{
    /// <summary>More facts than this are not reduced: nobody would read what is left.</summary>
    public const int MostFacts = 150;

    const int MostConflicts = 2_000;

    /// <summary>Reducing takes no more steps than the search did, or this many.</summary>
    const long FewSteps = 300_000;

    /// <summary>The facts, in the order in which the contradiction takes them up.</summary>
    public List<Incompatibility> Facts() => FactsOf(End);

    /// <summary>The shortest way found to the contradiction: by facts of which none can be left out.</summary>
    public static Core Of(Incompatibility end, PackageSearch search)
    {
        var facts = FactsOf(end);
        if (facts.Count > MostFacts)
        {
            return new Core(end, search.Packages);
        }

        var packages = facts.SelectMany(f => f.Terms).Select(t => search.Packages[t.Variable]).Distinct().ToList();
        facts = Merged(facts, packages);
        var left = Math.Max(FewSteps, search.Steps);
        if (Contradiction(facts, packages, ref left) is not { } least)
        {
            return new Core(end, search.Packages);
        }

        facts = InOrder(facts, least);
        for (var i = facts.Count - 1; i >= 0 && left > 0; i--)
        {
            var without = facts.Where((_, at) => at != i).ToList();
            if (Contradiction(without, packages, ref left) is { } shorter)
            {
                least = shorter;
                facts = InOrder(without, shorter);
                i = Math.Min(i, facts.Count);
            }
        }

        return new Core(least, packages);
    }

    static List<Incompatibility> FactsOf(Incompatibility end)
    {
        var (seen, facts, open) = (new HashSet<Incompatibility>(), new List<Incompatibility>(), new Stack<Incompatibility>([end]));
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next))
            {
                continue;
            }

            if (next.Fact is not null)
            {
                facts.Add(next);
                continue;
            }

            open.Push(next.Right!);
            open.Push(next.Left!);
        }

        return facts;
    }

    /// <summary>The same facts with few variables, one for all versions that need the same.</summary>
    static List<Incompatibility> Merged(List<Incompatibility> facts, List<PackageVariable> packages)
    {
        var numbers = packages.Select((p, at) => (p.Number, at)).ToDictionary(p => p.Number, p => p.at);
        var merged = new List<Incompatibility>();
        var places = new Dictionary<(int, Need), int>();
        foreach (var fact in facts)
        {
            Term[] terms = [.. fact.Terms.Select(t => t with { Variable = numbers[t.Variable] })];
            var own = Array.FindIndex(terms, t => !t.Values.Contains(0));
            if (fact.Fact is not ConflictFact.Needed needed || own < 0)
            {
                merged.Add(Incompatibility.Of(fact.Fact!, terms));
            }
            else if (places.TryAdd((terms[own].Variable, needed.Need), merged.Count))
            {
                merged.Add(Incompatibility.Of(needed, terms));
            }
            else
            {
                var place = places[(terms[own].Variable, needed.Need)];
                var values = terms[own].Values | Array.Find(merged[place].Terms, t => t.Variable == terms[own].Variable).Values;
                terms[own] = terms[own] with { Values = values };
                var package = packages[terms[own].Variable];
                merged[place] = Incompatibility.Of(needed with { Versions = [.. values.Values().Select(package.Version)] }, terms);
            }
        }

        return merged;
    }

    static List<Incompatibility> InOrder(List<Incompatibility> facts, Incompatibility end)
    {
        var needed = FactsOf(end).ToHashSet();
        return facts.FindAll(needed.Contains);
    }

    /// <summary>Looks for a choice that the facts alone allow.</summary>
    /// <returns>Null when there is one, or it was not found out; else the contradiction.</returns>
    static Incompatibility? Contradiction(List<Incompatibility> facts, List<PackageVariable> packages, ref long left)
    {
        if (facts.Find(f => f.Terms.Length == 0) is { } hopeless)
        {
            return hopeless;
        }

        var trial = new Search();
        packages.ForEach(p => trial.Add(p.Length));
        facts.ForEach(trial.Add);
        var end = Exhaust(trial, packages.Count);
        left -= trial.Steps;
        return end;
    }

    static Incompatibility? Exhaust(Search trial, int variables)
    {
        while (true)
        {
            if (trial.Propagate() is { } end)
            {
                return end;
            }

            var open = Enumerable.Range(0, variables).FirstOrDefault(v => trial.IsDemanded(v) && trial.Left(v).Count > 1, -1);
            if (open < 0 || trial.Conflicts > MostConflicts)
            {
                return null;
            }

            trial.Decide(open, trial.Left(open).Lowest);
        }
    }
}
