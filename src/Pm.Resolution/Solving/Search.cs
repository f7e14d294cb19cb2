namespace Pm.Resolution.Solving;

/// <summary>
/// The core of PubGrub: variables with the values that are left of them, incompatibilities, propagation, and learning from conflicts. It knows
/// neither packages nor preferences.
/// </summary>
/// <remarks>
/// A variable is a package, its values are "not there" and the versions. A term is a set of values, so that a requirement and its opposite are the same kind of thing and a
/// package is demanded as soon as "not there" is ruled out. Source: Weizenbaum, "PubGrub: next-generation version solving", and the solver documentation of Dart's pub.
/// </remarks>
sealed class Search
{
    readonly List<Assignment> _trail = [];
    readonly List<VersionBits> _all = [];
    readonly List<VersionBits> _left = [];
    readonly List<int> _last = [];
    readonly List<List<Incompatibility>> _watched = [];
    readonly Queue<int> _changed = [];
    readonly HashSet<int> _isQueued = [];

    /// <summary>Told of each variable whose values change, on the way back too.</summary>
    public Action<int> Touched { get; init; } = _ => { };

    /// <summary>Told of each incompatibility that the search ran into, before something is learned from it.</summary>
    public Action<Incompatibility> Conflicted { get; init; } = _ => { };

    /// <summary>
    /// Where what was learned would have held more decisions than this ago, only the last one is taken back all the same. What is concluded then counts as concluded here;
    /// how early it could have been is kept beside it.
    /// </summary>
    /// <remarks>Source: Nadel and Ryvchin, "Chronological backtracking", SAT 2018.</remarks>
    public int FarBack { get; init; } = ResolutionInput.DefaultFarBack;

    public int Variables => _all.Count;

    /// <summary>How many decisions stand.</summary>
    public int Level { get; private set; }

    public int Conflicts { get; private set; }

    /// <summary>How many incompatibilities were looked at: what the search took, whatever the machine.</summary>
    public long Steps { get; private set; }

    /// <summary>How often something was taken back.</summary>
    public int Returns { get; private set; }

    /// <summary>Makes a variable.</summary>
    /// <param name="length">How many values it has, "not there" counted.</param>
    public int Add(int length)
    {
        _all.Add(VersionBits.All(length));
        _left.Add(_all[^1]);
        _last.Add(-1);
        _watched.Add([]);
        return _all.Count - 1;
    }

    public VersionBits All(int variable) => _all[variable];

    /// <summary>The values that are left.</summary>
    public VersionBits Left(int variable) => _left[variable];

    /// <summary>Whether it has to be there.</summary>
    public bool IsDemanded(int variable) => !_left[variable].Contains(0);

    /// <summary>Takes up a fact, and has what follows looked at.</summary>
    public void Add(Incompatibility incompatibility)
    {
        foreach (var term in incompatibility.Terms)
        {
            _watched[term.Variable].Add(incompatibility);
            Touch(term.Variable);
        }
    }

    /// <summary>Has what follows for a variable looked at again.</summary>
    public void Touch(int variable)
    {
        if (_isQueued.Add(variable))
        {
            _changed.Enqueue(variable);
        }
    }

    /// <summary>Takes one value.</summary>
    public void Decide(int variable, int value)
    {
        Level++;
        Assign(variable, VersionBits.One(_all[variable].Highest + 1, value), null);
    }

    /// <summary>Draws all conclusions, and learns from what contradicts itself.</summary>
    /// <returns>Null; or, when there is no way out, why.</returns>
    public Incompatibility? Propagate()
    {
        while (_changed.TryDequeue(out var variable))
        {
            _isQueued.Remove(variable);
            var watched = _watched[variable];

            // The newest say most.
            for (var i = watched.Count - 1; i >= 0; i--)
            {
                if (Draw(watched[i]) is not { } broken)
                {
                    continue;
                }

                Conflicts++;
                Conflicted(broken);
                if (Learn(broken) is { } end)
                {
                    return end;
                }

                // What was not looked at yet still has to be.
                Touch(variable);
                break;
            }
        }

        return null;
    }

    /// <summary>Takes back everything above a level.</summary>
    /// <param name="level">How many decisions stay.</param>
    /// <param name="keepsKnown">Whether what they are enough for is concluded again at once.</param>
    public void BackTo(int level, bool keepsKnown = false)
    {
        Level = Math.Min(Level, level);
        Returns++;
        while (_trail is [.., var last] && last.Level > level)
        {
            _trail.RemoveAt(_trail.Count - 1);
            _left[last.Variable] = last.Before;
            _last[last.Variable] = last.Previous;
            if (keepsKnown && last.Bound <= level)
            {
                Touch(last.Variable);
            }

            Touched(last.Variable);
        }
    }

    /// <summary>The values that were left of a variable when fewer than <paramref name="level"/> decisions stood.</summary>
    public VersionBits LeftBelow(int variable, int level)
    {
        var (step, left) = (_last[variable], _left[variable]);
        while (step >= 0 && _trail[step].Level >= level)
        {
            (left, step) = (_trail[step].Before, _trail[step].Previous);
        }

        return left;
    }

    /// <summary>What one incompatibility means now.</summary>
    /// <returns>Itself when all its terms hold; else null.</returns>
    Incompatibility? Draw(Incompatibility incompatibility)
    {
        Steps++;
        var open = -1;
        var terms = incompatibility.Terms;
        for (var i = 0; i < terms.Length; i++)
        {
            var left = _left[terms[i].Variable];
            if (left.IsSubsetOf(terms[i].Values))
            {
                continue;
            }

            if (open >= 0 || !left.Overlaps(terms[i].Values))
            {
                return null;
            }

            open = i;
        }

        if (open < 0)
        {
            return incompatibility;
        }

        Assign(terms[open].Variable, _left[terms[open].Variable] - terms[open].Values, incompatibility);
        return null;
    }

    void Assign(int variable, VersionBits after, Incompatibility? cause)
    {
        var bound = cause is null ? Level : Bound(cause, except: variable);
        var previous = _last[variable];
        _trail.Add(new Assignment(
            variable, _left[variable], after, cause, Level, previous, bound, previous < 0 ? bound : Math.Max(bound, _trail[previous].BoundOfAll)));
        _left[variable] = after;
        _last[variable] = _trail.Count - 1;
        Touch(variable);
        Touched(variable);
    }

    /// <summary>Goes back through what led to a conflict until what is known then would have ruled it out, and goes on from there.</summary>
    /// <returns>Null; or, when that is before every decision, why there is no way out.</returns>
    Incompatibility? Learn(Incompatibility broken)
    {
        if (Bound(broken, except: -1) is var bound && Level - bound > FarBack)
        {
            // It contradicts itself with fewer decisions, too: it is met again there.
            BackTo(bound, keepsKnown: true);
            return null;
        }

        while (true)
        {
            // The latest step that made a term hold; the level of the latest of the other terms'.
            var (satisfier, term, below) = (-1, default(Term), 0);
            foreach (var next in broken.Terms)
            {
                var step = Satisfier(next);
                if (step > satisfier)
                {
                    below = Math.Max(below, satisfier < 0 ? 0 : _trail[satisfier].Level);
                    (satisfier, term) = (step, next);
                }
                else
                {
                    below = Math.Max(below, _trail[step].Level);
                }
            }

            if (satisfier < 0)
            {
                return broken;
            }

            var assignment = _trail[satisfier];
            if (assignment.Cause is null || below < assignment.Level)
            {
                BackTo(assignment.Level - below > FarBack ? assignment.Level - 1 : below);
                if (broken.Fact is null)
                {
                    Add(broken);
                }

                Assign(term.Variable, _left[term.Variable] - term.Values, broken);
                return null;
            }

            broken = Incompatibility.Resolve(broken, assignment.Cause, term.Variable, _all[term.Variable]);
        }
    }

    /// <summary>How many decisions are enough for all terms but one to hold, as far as that is known.</summary>
    int Bound(Incompatibility incompatibility, int except)
    {
        var bound = 0;
        foreach (var term in incompatibility.Terms)
        {
            if (term.Variable != except)
            {
                bound = Math.Max(bound, _trail[Satisfier(term)].BoundOfAll);
            }
        }

        return bound;
    }

    /// <summary>The first step after which a term holds.</summary>
    int Satisfier(Term term)
    {
        var step = _last[term.Variable];
        while (_trail[step].Before.IsSubsetOf(term.Values))
        {
            step = _trail[step].Previous;
        }

        return step;
    }
}
