using Pm.Packages;

namespace Pm.Resolution.Solving;

/// <summary>What a search ended in: the chosen packages that the asks lead to.</summary>
sealed class Solution
{
    readonly ResolutionInput _input;
    readonly CandidateSource _source;
    readonly PackageSearch _search;
    readonly Dictionary<PackageVariable, HashSet<PackageName>> _requiredBy = [];
    readonly HashSet<(PackageVariable, PackageVersion)> _namedExactly = [];

    public Solution(ResolutionInput input, CandidateSource source, PackageSearch search)
    {
        (_input, _source, _search) = (input, source, search);
        Walk();
    }

    /// <summary>A yanked version that nothing chosen names exactly; null: there is none.</summary>
    public PackageVariable? Unjustified() => _requiredBy.Keys
        .Where(p => p.Yanked.Contains(_search.Chosen(p)) && p.Kept != _search.Chosen(p))
        .Select(p => (Package: p, Version: p.Version(_search.Chosen(p))))
        .Where(c => !_source.IsAskedExactly(c.Package.Name, c.Version) && !_namedExactly.Contains((c.Package, c.Version)))
        .Select(c => c.Package).OrderBy(p => p.Name).ThenBy(p => p.Tree, StringComparer.Ordinal).FirstOrDefault();

    public ResolutionResult.Solved ToResult()
    {
        var asked = _input.Asks.Select(a => a.Wanted.Name).ToHashSet();
        return new ResolutionResult.Solved([.. _requiredBy
            .OrderBy(p => p.Key.Tree, StringComparer.Ordinal).ThenBy(p => p.Key.Name)
            .Select(p => new Selection(
                p.Key.Candidate(_search.Chosen(p.Key)), p.Key.Tree.Length == 0 && asked.Contains(p.Key.Name), [.. p.Value.Order()])
            {
                Tree = p.Key.Tree,
                Equivalents = p.Key.Equivalents(_search.Chosen(p.Key)),
            })]);
    }

    void Walk()
    {
        var open = new Queue<PackageVariable>();
        foreach (var ask in _input.Asks)
        {
            Meet(_search.Shared(ask.Wanted.Name)!, open);
        }

        while (open.TryDequeue(out var package))
        {
            foreach (var need in package.Candidate(_search.Chosen(package)).Needs)
            {
                var needed = _search.Meets(package, need)!;
                Meet(needed, open).Add(package.Name);
                if (need.Versions.Exact is { } exact)
                {
                    _namedExactly.Add((needed, exact));
                }
            }
        }
    }

    HashSet<PackageName> Meet(PackageVariable package, Queue<PackageVariable> open)
    {
        if (!_requiredBy.TryGetValue(package, out var names))
        {
            _requiredBy.Add(package, names = []);
            open.Enqueue(package);
        }

        return names;
    }
}
