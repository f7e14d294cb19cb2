using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Chooses versions: newest or exact, one version a name, transitively. The only place that knows how.</summary>
/// <remarks>
/// A dependency is <c>name</c> (kept, else newest) or <c>name@version</c> (that one). The closure is walked with the
/// exact demands known so far; a walk that meets another exact demand starts the next one, until nothing changes. Each
/// walk is linear in the closure, and each holds a name to a version that it was never held to before, or ends in a
/// conflict.
/// </remarks>
public sealed class Resolver
{
    readonly ResolutionInput _input;
    readonly Dictionary<PackageName, IReadOnlyList<Candidate>> _candidates = [];
    readonly Dictionary<PackageName, Demand> _exact = [];
    readonly HashSet<PackageId> _held = [];

    Resolver(ResolutionInput input) => _input = input;

    /// <summary>Resolves <paramref name="input"/>. Total: every outcome is a value.</summary>
    public static ResolutionResult Resolve(ResolutionInput input) => new Resolver(input).Run();

    ResolutionResult Run()
    {
        while (true)
        {
            var walk = new Walk(this);
            if (walk.Go() is { } conflict)
            {
                return conflict;
            }

            var unmet = walk.Unmet();
            if (unmet is null)
            {
                return walk.Solution();
            }

            if (!_held.Add(new PackageId(unmet.Wanted.Name, unmet.Wanted.Exact!)))
            {
                return Explanation.Contradiction(_exact[unmet.Wanted.Name], unmet);
            }

            // An older demand that holds the name is of a package that this walk no longer met: it gives way.
            _exact[unmet.Wanted.Name] = unmet;
        }
    }

    IReadOnlyList<Candidate> CandidatesOf(PackageName name)
    {
        if (!_candidates.TryGetValue(name, out var found))
        {
            _candidates[name] = found = _input.Candidates(name);
        }

        return found;
    }

    /// <summary>The version for a demand under the exact demands known so far.</summary>
    Candidate? Choose(Demand demand)
    {
        var candidates = CandidatesOf(demand.Wanted.Name);
        var wanted = demand.Wanted.Exact
            ?? (_exact.TryGetValue(demand.Wanted.Name, out var known) ? known.Wanted.Exact : null);
        if (wanted is not null)
        {
            return candidates.FirstOrDefault(c => c.Id.Version == wanted);
        }

        var kept = _input.Kept(demand.Wanted.Name);
        return candidates.FirstOrDefault(c => kept is not null && c.Id.Version == kept)
            ?? candidates.FirstOrDefault(c => !c.IsYanked && !c.Id.Version.IsPreRelease)
            ?? candidates.FirstOrDefault(c => !c.IsYanked);
    }

    /// <summary>One pass over the closure of the asks.</summary>
    sealed class Walk(Resolver resolver)
    {
        readonly SortedDictionary<string, Choice> _chosen = new(StringComparer.Ordinal);
        readonly Queue<Demand> _open = new();

        /// <summary>An exact demand of this walk for which another version was chosen; null when all are met.</summary>
        public Demand? Unmet() => _chosen.Values
            .SelectMany(c => c.Demands.Where(d => d.Wanted.Exact is { } exact && exact != c.Candidate.Id.Version))
            .FirstOrDefault();

        public ResolutionResult.Conflict? Go()
        {
            foreach (var ask in resolver._input.Asks)
            {
                _open.Enqueue(new Demand(ask.Wanted, ask.Reason, null));
            }

            while (_open.TryDequeue(out var demand))
            {
                if (Meet(demand) is { } conflict)
                {
                    return conflict;
                }
            }

            return null;
        }

        ResolutionResult.Conflict? Meet(Demand demand)
        {
            if (_chosen.TryGetValue(demand.Wanted.Name.Text, out var choice))
            {
                choice.Demands.Add(demand);
                return Contradiction(choice, demand);
            }

            if (resolver.Choose(demand) is not { } candidate)
            {
                return Explanation.NotFound(demand, resolver.CandidatesOf(demand.Wanted.Name), resolver._input.Suggestions);
            }

            _chosen.Add(demand.Wanted.Name.Text, new Choice(candidate, demand));
            foreach (var dependency in candidate.Dependencies)
            {
                _open.Enqueue(new Demand(dependency, null, new Step(candidate.Id, demand)));
            }

            return null;
        }

        /// <summary>Two different exact demands contradict; a choice that was only "newest" gives way in the next walk.</summary>
        static ResolutionResult.Conflict? Contradiction(Choice choice, Demand demand)
        {
            if (demand.Wanted.Exact is null)
            {
                return null;
            }

            var other = choice.Demands.Find(d => d.Wanted.Exact is not null && d.Wanted.Exact != demand.Wanted.Exact);
            return other is null ? null : Explanation.Contradiction(other, demand);
        }

        public ResolutionResult.Solved Solution() => new([.. _chosen.Values.Select(c => c.ToSelection())]);
    }

    sealed class Choice(Candidate candidate, Demand first)
    {
        public Candidate Candidate => candidate;

        public List<Demand> Demands { get; } = [first];

        public Selection ToSelection() => new(
            candidate,
            Demands.Exists(d => d.Reason is not null),
            [.. Demands.Where(d => d.By is not null).Select(d => d.By!.Package.Name).Distinct().OrderBy(n => n.Text, StringComparer.Ordinal)]);
    }
}
