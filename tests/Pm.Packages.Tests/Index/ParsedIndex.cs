using Pm.Packages.Index;

namespace Pm.Packages.Tests.Index;

/// <summary>The rules of <see cref="PackageIndex"/> in the simplest form: everything is read, everything is looked at.</summary>
sealed class ParsedIndex
{
    const int MostSuggestions = 3;

    readonly SortedDictionary<PackageName, AvailablePackage[]> _versions = [];
    readonly Dictionary<string, List<PackageName>> _providers = new(StringComparer.Ordinal);

    /// <param name="remotes">In the order of preference; a package keeps the <see cref="AvailablePackage.Remote"/> of its remote.</param>
    /// <param name="pins">Names that may come from one remote alone.</param>
    public ParsedIndex(
        IEnumerable<(string? Remote, AvailableDocument Document)> remotes, IReadOnlyDictionary<PackageName, string>? pins = null)
    {
        foreach (var (remote, document) in remotes)
        {
            foreach (var group in Groups(document.Packages))
            {
                if (pins is null || !pins.TryGetValue(group[0].Name, out var pinned) || pinned == remote)
                {
                    Take(remote, group);
                }
            }
        }
    }

    /// <summary>Sorted by their bytes.</summary>
    public IEnumerable<PackageName> Names => _versions.Keys;

    /// <summary>Every version, newest first, yanked ones too; none when nobody has the name.</summary>
    public IReadOnlyList<AvailablePackage> Versions(PackageName name) =>
        _versions.TryGetValue(name, out var versions) ? versions : [];

    /// <summary>One version, yanked or not; null when it is not there.</summary>
    public AvailablePackage? Find(PackageId id) => Versions(id.Name).FirstOrDefault(p => p.Version == id.Version);

    /// <summary>The newest release that is not yanked, or the newest pre-release when there is none; null when all are yanked.</summary>
    public AvailablePackage? Newest(PackageName name) =>
        Versions(name).FirstOrDefault(p => !p.IsYanked && !p.Version.IsPreRelease)
        ?? Versions(name).FirstOrDefault(p => !p.IsYanked);

    /// <summary>The names whose newest version provides <paramref name="capability"/>, or is called so.</summary>
    public IReadOnlyList<PackageName> Providers(string capability) =>
        _providers.TryGetValue(capability, out var names) ? names : [];

    /// <summary>The packages that all of <paramref name="words"/> are found in, best rank first, then by name. Case does not matter.</summary>
    public IReadOnlyList<SearchHit> Search(IReadOnlyCollection<string> words)
    {
        var hits = new List<SearchHit>();
        foreach (var name in _versions.Keys)
        {
            if (Newest(name) is { } package && Rank(package, words) is { } rank)
            {
                hits.Add(new SearchHit(package, rank));
            }
        }

        return [.. hits.OrderBy(h => h.Rank)];
    }

    /// <summary>The nearest names, at most three.</summary>
    public IReadOnlyList<PackageName> Suggest(string name) =>
        [.. _versions.Keys.Select(n => (Name: n, Distance: EditDistance.Between(name.ToLowerInvariant(), n.Text, int.MaxValue / 2)))
            .Where(n => n.Distance <= Math.Clamp(name.Length / 3, 1, 3))
            .GroupBy(n => n.Distance).OrderBy(g => g.Key).FirstOrDefault()?.Select(n => n.Name).Take(MostSuggestions) ?? []];

    static SearchRank? Rank(AvailablePackage package, IReadOnlyCollection<string> words)
    {
        var worst = SearchRank.ExactName;
        foreach (var word in words)
        {
            if (Rank(package, word) is not { } rank)
            {
                return null;
            }

            worst = rank > worst ? rank : worst;
        }

        return words.Count == 0 ? SearchRank.Name : worst;
    }

    static SearchRank? Rank(AvailablePackage package, string word)
    {
        var (name, folded) = (package.Name.Text, Fold(word));
        return name == folded || package.Name.Name == folded ? SearchRank.ExactName
            : name.StartsWith(folded, StringComparison.Ordinal) || package.Name.Name.StartsWith(folded, StringComparison.Ordinal) ? SearchRank.NameStart
            : name.Contains(folded, StringComparison.Ordinal) ? SearchRank.Name
            : package.Provides.Any(p => Fold(p).Contains(folded, StringComparison.Ordinal)) ? SearchRank.Provides
            : Fold(package.Description).Contains(folded, StringComparison.Ordinal) || Fold(package.Title ?? "").Contains(folded, StringComparison.Ordinal) ? SearchRank.Description
            : null;
    }

    static string Fold(string text) => text.ToUpperInvariant().ToLowerInvariant();

    void Take(string? remote, ReadOnlySpan<AvailablePackage> group)
    {
        var name = group[0].Name;
        var versions = new AvailablePackage[group.Length];
        for (var i = 0; i < group.Length; i++)
        {
            var package = group[group.Length - 1 - i];
            versions[i] = remote is null ? package : package with { Remote = remote };
        }

        if (_versions.TryAdd(name, versions) && Newest(name) is { } newest)
        {
            foreach (var capability in newest.Provides.Append(name.Text).Distinct())
            {
                (_providers.TryGetValue(capability, out var names) ? names : _providers[capability] = []).Add(name);
            }
        }
    }

    static List<AvailablePackage[]> Groups(IReadOnlyList<AvailablePackage> sorted)
    {
        var groups = new List<AvailablePackage[]>();
        for (var start = 0; start < sorted.Count;)
        {
            var end = start + 1;
            while (end < sorted.Count && sorted[end].Name == sorted[start].Name)
            {
                end++;
            }

            groups.Add([.. Enumerable.Range(start, end - start).Select(i => sorted[i])]);
            start = end;
        }

        return groups;
    }
}
