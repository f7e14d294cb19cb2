using Pm.Packages;

namespace Pm.Resolution.Solving;

/// <summary>What is known of names, each asked for once, and which yanked versions were named exactly.</summary>
sealed class CandidateSource(ResolutionInput input)
{
    readonly Dictionary<PackageName, ICandidates> _known = [];
    readonly HashSet<PackageName> _announced = [];
    readonly HashSet<PackageId> _exact = [.. input.Asks.Where(a => a.Wanted.Versions.Exact is not null).Select(a => new PackageId(a.Wanted.Name, a.Wanted.Versions.Exact!))];
    readonly HashSet<PackageId> _unlocked = [];
    bool _isLenient;
    bool _isStrict;

    public ICandidates Of(PackageName name)
    {
        if (!_known.TryGetValue(name, out var candidates))
        {
            candidates = input.Overrides(name) is { } only ? CandidateList.Of([only]) : input.Candidates(name);
            _known.Add(name, candidates);
        }

        return candidates;
    }

    /// <summary>Tells of names before the first of them is asked for.</summary>
    public void Announce(IEnumerable<PackageName> names)
    {
        if (input.Upcoming is null)
        {
            return;
        }

        var upcoming = names.Where(n => !_known.ContainsKey(n) && _announced.Add(n)).Order().ToList();
        if (upcoming.Count > 0)
        {
            input.Upcoming(upcoming);
        }
    }

    /// <summary>Whether somebody asked for this version by its text.</summary>
    public bool IsAskedExactly(PackageName name, PackageVersion version) => _exact.Contains(new PackageId(name, version));

    /// <summary>Whether a yanked version may be chosen.</summary>
    public bool IsUnlocked(PackageId id) => _isLenient || _exact.Contains(id) || (!_isStrict && _unlocked.Contains(id));

    /// <summary>Lets a yanked version be chosen, because a package names it exactly.</summary>
    /// <returns>Whether it could not be before.</returns>
    public bool Unlock(PackageId id) => !_isStrict && !IsUnlocked(id) && _unlocked.Add(id);

    /// <summary>Lets every yanked version be chosen: a package that names it exactly may be met only after it.</summary>
    public void Relent() => _isLenient = true;

    /// <summary>Lets no yanked version be chosen but those that somebody asked for.</summary>
    public void Insist() => (_isLenient, _isStrict) = (false, true);
}
