using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution.Solving;

/// <summary>One search for versions: makes variables of packages and incompatibilities of what they need, as far as it gets, and decides.</summary>
sealed class PackageSearch
{
    /// <summary>After so many conflicts a package is decided before others. Source: uv, "Resolver internals".</summary>
    const int ManyConflicts = 5;

    const int MostLookedAhead = 64;

    readonly ResolutionInput _input;
    readonly CandidateSource _source;
    readonly Search _search;
    readonly List<PackageVariable> _packages = [];
    readonly Dictionary<(string Tree, PackageName Name), PackageVariable> _byName = [];
    readonly List<int> _decisions = [];
    readonly PriorityQueue<int, Priority> _open = new();
    readonly HashSet<(int, int)> _reordered = [];
    bool _startsAgain;
    long _decisionsMade;
    long _decisionsAtStart;
    Incompatibility? _hopeless;

    public PackageSearch(ResolutionInput input, CandidateSource source)
    {
        (_input, _source) = (input, source);
        _search = new Search { FarBack = input.FarBack, Touched = Touched, Conflicted = Conflicted };
    }

    public IReadOnlyList<PackageVariable> Packages => _packages;

    /// <summary>What it took.</summary>
    public long Steps => _search.Steps;

    /// <summary>Whether it met an exact demand for a yanked version that it took for unavailable: then all of it has to be done again.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>Whether it gave up.</summary>
    public bool IsEndless { get; private set; }

    /// <summary>Searches.</summary>
    /// <returns>Null: there is a solution, or one of the two above; else why there is none.</returns>
    public Incompatibility? Run()
    {
        if (_packages.Count == 0)
        {
            TakeUpAsks();
        }

        while (true)
        {
            if ((_hopeless ?? _search.Propagate()) is { } end)
            {
                return end;
            }

            if (_search.Conflicts > _input.MaximumConflicts)
            {
                IsEndless = true;
                return null;
            }

            // What stands would be decided again: not before twice as much was.
            if (_startsAgain && _decisionsMade - _decisionsAtStart >= 2 * _search.Level)
            {
                _startsAgain = false;
                _decisionsAtStart = _decisionsMade;
                _search.BackTo(0);
            }

            if (Next() is not { } package)
            {
                if (IsOutdated || !RefuseCycle())
                {
                    return null;
                }

                continue;
            }

            // What is known of it may rule versions out that nothing has asked about since something was taken back.
            if (package.LookedAt != _search.Returns)
            {
                package.LookedAt = _search.Returns;
                _search.Touch(package.Number);
                Queue(package);
                continue;
            }

            Choose(package);
            if (IsOutdated)
            {
                return null;
            }
        }
    }

    /// <summary>Rules out all that is chosen together, because a yanked version is among it which nothing of it names exactly: whatever else is added, that stays so.</summary>
    public void RefuseChoice(PackageVariable yanked)
    {
        var others = _packages.Where(p => p != yanked && Chosen(p) > 0);
        _search.Add(Incompatibility.Of(
            new ConflictFact.Yanked(yanked.Name, [yanked.Version(Chosen(yanked))]),
            [.. others.Prepend(yanked).Select(p => new Term(p.Number, _search.Left(p.Number)))]));
    }

    /// <summary>The chosen value of a package; 0: it is not part of the solution.</summary>
    public int Chosen(PackageVariable package) => IsDecided(package) ? _search.Left(package.Number).Lowest : 0;

    /// <summary>What meets a need of a package; null: the search never met it.</summary>
    public PackageVariable? Meets(PackageVariable dependent, Need need) =>
        _byName.GetValueOrDefault((TreeOf(dependent, need).Tree, need.Name));

    public PackageVariable? Shared(PackageName name) => _byName.GetValueOrDefault(("", name));

    void TakeUpAsks()
    {
        _source.Announce(_input.Asks.Select(a => a.Wanted.Name));

        // In one order, so that nothing hangs on the one in which they were given.
        foreach (var ask in _input.Asks.OrderBy(a => a.Wanted.Name).ThenBy(a => a.Reason).ThenBy(a => a.Wanted.Versions.ToString(), StringComparer.Ordinal))
        {
            var package = Variable("", [], ask.Wanted.Name, ask.Reason is AskReason.Named or AskReason.Manifest ? 0 : 1);
            var asked = Incompatibility.Of(new ConflictFact.Asked(ask), Unless(package, ask.Wanted));
            _search.Add(asked);
            _hopeless ??= asked.Terms.Length == 0 ? asked : null;
        }
    }

    void Choose(PackageVariable package)
    {
        var value = Preferences.Best(package, _search.Left(package.Number), _input.Choice);
        if (!package.NeedsAdded.Contains(value))
        {
            AddNeeds(package, value);
            Queue(package);
            return;
        }

        _decisions.RemoveRange(_search.Level, _decisions.Count - _search.Level);
        _decisions.Add(package.Number);
        package.DecidedAt = _search.Level + 1;
        _decisionsMade++;
        _search.Decide(package.Number, value);
    }

    /// <summary>Takes up what a version needs; where another was tried before, what all that are left need, so that one conflict tells of all.</summary>
    void AddNeeds(PackageVariable package, int value)
    {
        var values = package.NeedsAdded.IsEmpty
            ? [value]
            : (_search.Left(package.Number) - package.NeedsAdded).Values().Where(v => v != 0 && v != value).Take(MostLookedAhead - 1).Prepend(value).ToList();
        var needs = new Dictionary<Need, VersionBits>();
        foreach (var next in values)
        {
            package.NeedsAdded |= VersionBits.One(package.Length, next);
            var candidate = package.Candidate(next);
            if (candidate.Fault is { } fault)
            {
                Refuse(new ConflictFact.Unreadable(candidate.Id, fault), new Term(package.Number, VersionBits.One(package.Length, next)));
                continue;
            }

            foreach (var need in candidate.Needs)
            {
                var known = needs.TryGetValue(need, out var bits) ? bits : VersionBits.None(package.Length);
                needs[need] = known | VersionBits.One(package.Length, next);
            }
        }

        _source.Announce(needs.Keys.Select(n => n.Name));
        var inOrder = needs.ToArray();
        Array.Sort(inOrder, static (a, b) => Order(a.Key, b.Key));
        foreach (var (need, dependents) in inOrder)
        {
            AddNeed(package, dependents, need);
        }

        Reorder(package, value);
    }

    /// <summary>By name, then by what is wanted of it: nothing hangs on the order in which needs were given.</summary>
    static int Order(Need a, Need b) =>
        a.Name.CompareTo(b.Name) is var byName and not 0 ? byName
        : a.IsPrivate.CompareTo(b.IsPrivate) is var byScope and not 0 ? byScope
        : string.CompareOrdinal(a.Versions.ToString(), b.Versions.ToString());

    void AddNeed(PackageVariable package, VersionBits dependents, Need need)
    {
        var when = new Term(package.Number, dependents);
        var (tree, owners) = TreeOf(package, need);
        var isSelf = need.Name == package.Name && tree == package.Tree;
        if (owners.Contains(need.Name) || (isSelf && !_input.AllowsCycles))
        {
            var from = owners.SkipWhile(o => o != need.Name).Select(o => o.Text);
            var through = tree == package.Tree || isSelf ? Named(package, dependents) : null;
            Refuse(new ConflictFact.Cycle([.. from, .. through is null ? [] : new[] { through }, need.Name.Text]), when);
            return;
        }

        var needed = Variable(tree, owners, need.Name, package.Order + 1);
        if (need.Versions.Exact is { } exact && needed.ValueOf(exact) is > 0 and var value && needed.Yanked.Contains(value)
            && _source.Unlock(new PackageId(need.Name, exact)))
        {
            IsOutdated = true;
        }

        var fact = new ConflictFact.Needed(package.Name, VersionsOf(package, dependents), need);
        if (isSelf)
        {
            Refuse(fact, when with { Values = dependents - package.Fulfilling(need.Versions) });
        }
        else
        {
            _search.Add(Incompatibility.Of(fact, [when, .. Unless(needed, need)]));
        }
    }

    void Refuse(ConflictFact fact, Term term)
    {
        if (!term.Values.IsEmpty)
        {
            _search.Add(Incompatibility.Of(fact, term));
        }
    }

    /// <summary>Whom an earlier decision keeps from its best version is decided before: what is needed follows what needs it. Once a pair.</summary>
    void Reorder(PackageVariable package, int value)
    {
        PackageVariable? first = null;
        foreach (var need in package.Candidate(value).Needs)
        {
            if (KeptBy(package, need) is { } needed && (first is null || needed.Name < first.Name))
            {
                first = needed;
            }
        }

        if (first is not null)
        {
            _reordered.Add((package.Number, first.Number));
            first.Order = Math.Max(first.Order, package.Order + 1);
            _search.BackTo(first.DecidedAt - 1);
            Queue(first);
        }
    }

    /// <summary>What was decided so that a need of a package cannot be met, which it could before.</summary>
    PackageVariable? KeptBy(PackageVariable package, Need need)
    {
        if (Meets(package, need) is not { } needed || needed == package || !IsDecided(needed))
        {
            return null;
        }

        var fulfilling = needed.Fulfilling(need.Versions);
        return !_search.Left(needed.Number).Overlaps(fulfilling)
            && _search.LeftBelow(needed.Number, needed.DecidedAt).Overlaps(fulfilling)
            && !_reordered.Contains((package.Number, needed.Number)) ? needed : null;
    }

    /// <summary>Rules out a ring among what was chosen.</summary>
    bool RefuseCycle()
    {
        if (_input.AllowsCycles || CycleFinder.Find(this) is not { } cycle)
        {
            return false;
        }

        var fact = new ConflictFact.Cycle([.. cycle.Append(cycle[0]).Select(p => Named(p, _search.Left(p.Number)))]);
        _search.Add(Incompatibility.Of(fact, [.. cycle.Select(p => new Term(p.Number, _search.Left(p.Number)))]));
        return true;
    }

    /// <summary>That none of what fulfils a need is there; nothing where that is certain.</summary>
    static Term[] Unless(PackageVariable package, Need need)
    {
        var fulfilling = package.Fulfilling(need.Versions);
        return fulfilling.IsEmpty ? [] : [new Term(package.Number, VersionBits.All(package.Length) - fulfilling)];
    }

    PackageVariable Variable(string tree, ImmutableArray<PackageName> owners, PackageName name, int order)
    {
        if (_byName.TryGetValue((tree, name), out var known))
        {
            return known;
        }

        var candidates = _source.Of(name);
        var package = new PackageVariable(_packages.Count, name, tree, owners, candidates) { Order = order, LookedAt = _search.Returns };
        _packages.Add(package);
        _byName.Add((tree, name), package);
        _search.Add(package.Length);
        var kept = tree.Length == 0 ? _input.Kept(name) : _input.KeptApart(tree, name);
        package.Keep(kept);
        RefuseUnavailable(package);
        return package;
    }

    void RefuseUnavailable(PackageVariable package)
    {
        var yanked = package.Yanked.IsEmpty ? package.Yanked
            : VersionBits.Where(package.Length, v => package.Yanked.Contains(v) && v != package.Kept && !_source.IsUnlocked(new PackageId(package.Name, package.Version(v))));
        var young = _input.MinimumAge is { } age && package.HasTimes
            ? VersionBits.Where(package.Length, v => v > 0 && v != package.Kept
                && age.Refuses(package.Name, package.Published(v)) && !_source.IsAskedExactly(package.Name, package.Version(v)))
            : VersionBits.None(package.Length);
        young -= yanked;
        if (!yanked.IsEmpty)
        {
            Refuse(new ConflictFact.Yanked(package.Name, VersionsOf(package, yanked)), new Term(package.Number, yanked));
        }

        if (!young.IsEmpty)
        {
            Refuse(new ConflictFact.TooYoung(package.Name, VersionsOf(package, young), _input.MinimumAge!.Least), new Term(package.Number, young));
        }
    }

    (string Tree, ImmutableArray<PackageName> Owners) TreeOf(PackageVariable dependent, Need need) =>
        !need.IsPrivate || _input.PrivateNeeds == PrivateNeeds.Unified ? (dependent.Tree, dependent.Owners)
        : ((dependent.Tree.Length == 0 ? "" : $"{dependent.Tree} › ") + dependent.Name.Text, dependent.Owners.Add(dependent.Name));

    PackageVariable? Next()
    {
        while (_open.TryDequeue(out var number, out var priority))
        {
            var package = _packages[number];
            if (_search.IsDemanded(number) && !IsDecided(package) && PriorityOf(package) == priority)
            {
                return package;
            }
        }

        return null;
    }

    void Touched(int number)
    {
        if (_search.IsDemanded(number) && !IsDecided(_packages[number]))
        {
            Queue(_packages[number]);
        }
    }

    void Conflicted(Incompatibility incompatibility)
    {
        foreach (var term in incompatibility.Terms)
        {
            var package = _packages[term.Variable];
            if (++package.Conflicts == ManyConflicts)
            {
                _startsAgain = true;
                Queue(package);
            }
        }
    }

    void Queue(PackageVariable package) => _open.Enqueue(package.Number, PriorityOf(package));

    Priority PriorityOf(PackageVariable package) => new(
        _search.Left(package.Number).Count == 1 ? 0 : package.Conflicts >= ManyConflicts ? 1 : 2,
        package.Order, package.Name.Text, package.Tree);

    bool IsDecided(PackageVariable package) =>
        package.DecidedAt > 0 && package.DecidedAt <= _search.Level && _decisions[package.DecidedAt - 1] == package.Number;

    static string Named(PackageVariable package, VersionBits values) =>
        values.Count == 1 ? $"{package.Name}@{package.Version(values.Lowest)}" : package.Name.Text;

    static ImmutableArray<PackageVersion> VersionsOf(PackageVariable package, VersionBits values) => [.. values.Values().Select(package.Version)];
}
