namespace Pm.Resolution.Solving;

/// <summary>Looks for a ring among chosen packages.</summary>
static class CycleFinder
{
    /// <summary>A ring, each needing the next and the last the first; null where there is none. The same for the same choice.</summary>
    public static List<PackageVariable>? Find(PackageSearch search)
    {
        var done = new HashSet<int>();
        foreach (var start in search.Packages.Where(p => search.Chosen(p) > 0).OrderBy(p => p.Tree, StringComparer.Ordinal).ThenBy(p => p.Name))
        {
            if (Walk(search, start, done) is { } cycle)
            {
                return cycle;
            }
        }

        return null;
    }

    /// <summary>Depth first, without recursion: a chain may be as long as the index has names.</summary>
    static List<PackageVariable>? Walk(PackageSearch search, PackageVariable start, HashSet<int> done)
    {
        if (done.Contains(start.Number))
        {
            return null;
        }

        var path = new List<PackageVariable> { start };
        var places = new Dictionary<int, int> { [start.Number] = 0 };
        var open = new Stack<Queue<PackageVariable>>([NeededBy(search, start)]);
        while (open.TryPeek(out var needed))
        {
            if (!needed.TryDequeue(out var next))
            {
                open.Pop();
                done.Add(path[^1].Number);
                places.Remove(path[^1].Number);
                path.RemoveAt(path.Count - 1);
            }
            else if (places.TryGetValue(next.Number, out var place))
            {
                return path[place..];
            }
            else if (!done.Contains(next.Number))
            {
                places.Add(next.Number, path.Count);
                path.Add(next);
                open.Push(NeededBy(search, next));
            }
        }

        return null;
    }

    static Queue<PackageVariable> NeededBy(PackageSearch search, PackageVariable package) => new(
        package.Candidate(search.Chosen(package)).Needs.Select(n => search.Meets(package, n)).OfType<PackageVariable>()
            .Distinct().OrderBy(p => p.Tree, StringComparer.Ordinal).ThenBy(p => p.Name));
}
