namespace Pm.Packages.Index;

/// <summary>What several remotes offer together: the first remote that has a name wins it, with all its versions.</summary>
/// <remarks>A view: it reads what it is asked for, and nothing when it is made.</remarks>
/// <param name="remotes">In the order of preference.</param>
/// <param name="pins">Names that may come from one remote alone.</param>
public sealed class PackageIndex(
    IReadOnlyList<(string? Remote, RepositoryIndex Index)> remotes, IReadOnlyDictionary<PackageName, string>? pins = null)
{
    const int MostSuggestions = 3;

    /// <summary>More slips than this are another word, however long it is.</summary>
    const int MostSlips = 3;

    public static PackageIndex Empty { get; } = new([]);

    /// <summary>All names, sorted by their bytes: only for who needs them all.</summary>
    public IEnumerable<PackageName> Names => StartingWith("");

    /// <summary>The names that begin with <paramref name="prefix"/>, sorted by their bytes; read as far as they are taken.</summary>
    public IEnumerable<PackageName> StartingWith(string prefix)
    {
        var queue = new PriorityQueue<IEnumerator<PackageName>, PackageName>();
        for (var remote = 0; remote < remotes.Count; remote++)
        {
            Enqueue(queue, Own(remote, prefix).GetEnumerator());
        }

        while (queue.TryDequeue(out var names, out var name))
        {
            yield return name;
            Enqueue(queue, names);
        }
    }

    /// <summary>Every version, newest first, yanked ones too; none when nobody has the name.</summary>
    public IReadOnlyList<AvailablePackage> Versions(PackageName name) => OwnerOf(name) is { } owner
        ? [.. remotes[owner].Index.Versions(name).Select(indexed => Of(owner, indexed))]
        : [];

    /// <summary>One version, yanked or not; null when it is not there.</summary>
    public AvailablePackage? Find(PackageId id) =>
        Offered(id.Name) is { } offered && offered.IndexOf(id.Version) is var at and >= 0 ? offered[at] : null;

    /// <summary>The versions of a name, to be looked at one by one; null when nobody has the name.</summary>
    public OfferedVersions? Offered(PackageName name) =>
        OwnerOf(name) is { } owner ? remotes[owner].Index.Offered(name, remotes[owner].Remote) : null;

    /// <summary>The newest release that is not yanked, or the newest pre-release when there is none; null when all are yanked.</summary>
    public AvailablePackage? Newest(PackageName name) =>
        OwnerOf(name) is { } owner && remotes[owner].Index.Newest(name) is { } newest ? Of(owner, newest) : null;

    /// <summary>The names whose newest version provides <paramref name="capability"/>, or that are called so.</summary>
    public IReadOnlyList<PackageName> Providers(string capability)
    {
        var providers = new List<PackageName>();
        for (var remote = 0; remote < remotes.Count; remote++)
        {
            var (own, index) = (remote, remotes[remote].Index);
            providers.AddRange(index.Providers(capability).Select(index.NameOf).Where(name => OwnerOf(name) == own));
        }

        return providers;
    }

    /// <summary>The packages that all of <paramref name="words"/> are found in, best rank first, then by name. Case does not matter.</summary>
    /// <param name="words">None: all packages.</param>
    /// <param name="most">How many hits are wanted; the others are only counted.</param>
    public SearchResult Search(IReadOnlyCollection<string> words, int most = int.MaxValue)
    {
        var folded = words.Select(SearchText.Fold).ToList();
        var found = Enumerable.Range(0, remotes.Count).Select(remote => Found(remote, folded)).ToList();
        var hits = new List<SearchHit>();
        foreach (var rank in Enum.GetValues<SearchRank>())
        {
            var best = found.SelectMany((ranks, remote) => ranks[(int)rank].Take(most - hits.Count).Select(number => (Remote: remote, Number: number)))
                .OrderBy(hit => remotes[hit.Remote].Index.NameOf(hit.Number))
                .Take(most - hits.Count);
            hits.AddRange(best.ToList().Select(hit => new SearchHit(Newest(hit.Remote, hit.Number), rank)));
        }

        return new SearchResult(hits, found.Sum(ranks => ranks.Sum(list => list.Count)));
    }

    /// <summary>Names that <paramref name="name"/> was perhaps meant for: the nearest, at most three, sorted.</summary>
    public IReadOnlyList<PackageName> Suggest(string name)
    {
        if (name.Length > 2 * PackageName.MaximumLength)
        {
            return [];
        }

        // A third of the letters wrong is still a slip; more is another word.
        var limit = Math.Clamp(name.Length / 3, 1, MostSlips);
        for (var distance = 0; distance <= limit; distance++)
        {
            var near = Near(name.ToLowerInvariant(), distance);
            if (near.Count > 0)
            {
                return near;
            }
        }

        return [];
    }

    List<PackageName> Near(string name, int distance)
    {
        var names = remotes.SelectMany((remote, number) => remote.Index.Near(name, distance)
            .Select(near => (Remote: number, Name: remote.Index.NameOf(near.Number), near.Distance)));
        return [.. names.Where(near => OwnerOf(near.Name) == near.Remote)
            .OrderBy(near => near.Distance).ThenBy(near => near.Name)
            .Select(near => near.Name).Take(MostSuggestions)];
    }

    /// <summary>Which remote a name comes from; null: none.</summary>
    int? OwnerOf(PackageName name)
    {
        var pin = pins?.GetValueOrDefault(name);
        for (var remote = 0; remote < remotes.Count; remote++)
        {
            if ((pin is null || pin == remotes[remote].Remote) && remotes[remote].Index.Has(name))
            {
                return remote;
            }
        }

        return null;
    }

    IEnumerable<PackageName> Own(int remote, string prefix) =>
        remotes[remote].Index.StartingWith(prefix).Where(name => IsOwn(remote, name));

    /// <summary>The one remote of most people has every name it has.</summary>
    bool IsOwn(int remote, PackageName name) => (remotes.Count == 1 && pins is null or { Count: 0 }) || OwnerOf(name) == remote;

    List<int>[] Found(int remote, List<byte[]> words)
    {
        var index = remotes[remote].Index;
        return [.. index.Search(words).Select(numbers => numbers.FindAll(number => IsOwn(remote, index.NameOf(number))))];
    }

    AvailablePackage Newest(int remote, int number)
    {
        var index = remotes[remote].Index;
        return Of(remote, index.Newest(number, index.NameOf(number))!);
    }

    AvailablePackage Of(int remote, IndexedPackage indexed) =>
        remotes[remote].Remote is { } name ? indexed.Package with { Remote = name } : indexed.Package;

    static void Enqueue(PriorityQueue<IEnumerator<PackageName>, PackageName> queue, IEnumerator<PackageName> names)
    {
        if (names.MoveNext())
        {
            queue.Enqueue(names, names.Current);
        }
        else
        {
            names.Dispose();
        }
    }
}
