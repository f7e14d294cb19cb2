using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Repositories.Browsing;

/// <summary>
/// What a repository offers at one moment, found by name, by word and by time. What takes a walk over all packages is made
/// when it is first asked for, and of a large repository lags behind: see <see cref="Behind{T}"/>.
/// </summary>
public sealed class RepositoryCatalogue
{
    /// <summary>Up to so many names a walk over all of them is nothing that anybody notices.</summary>
    const int Small = 2_000;

    readonly PackageIndex _search;
    readonly Behind<Dependents> _dependents;
    readonly Behind<PublisherShares> _publishers;
    readonly Behind<PublicationTimes> _times;

    /// <param name="view">The state.</param>
    /// <param name="before">That of the state before.</param>
    /// <param name="publishedAt">Asks a version's file.</param>
    internal RepositoryCatalogue(RepositoryView view, RepositoryCatalogue? before, Func<PackageId, DateTimeOffset?> publishedAt)
    {
        View = view;
        _search = new PackageIndex([(null, view.Index)]);
        var known = before?._times.Known;
        var meanwhile = view.Index.NameCount > Small ? before : null;
        _dependents = new(() => new Dependents(Newest()), meanwhile?._dependents.Known);
        _publishers = new(() => new PublisherShares(Names().SelectMany(Versions)), meanwhile?._publishers.Known);
        _times = new(() => new PublicationTimes(Names().Select(Versions), known, publishedAt), meanwhile?._times.Known);
    }

    public RepositoryView View { get; }

    /// <summary>Who signed packages, most packages first.</summary>
    public ImmutableArray<PublisherShare> Publishers => _publishers.Value.All;

    /// <summary>When what was published.</summary>
    public PublicationTimes Times => _times.Value;

    /// <summary>As <c>pm search</c> ranks: best first, then by name. Yanked versions are not found.</summary>
    /// <param name="words">None: all packages.</param>
    /// <param name="most">How many are wanted; the others are only counted.</param>
    public SearchResult Search(IReadOnlyCollection<string> words, int most) => _search.Search(words, most);

    /// <summary>Names that <paramref name="text"/> was perhaps meant for, at most three.</summary>
    public IReadOnlyList<PackageName> Suggest(string text) => _search.Suggest(text);

    public bool Has(PackageName name) => View.Index.Has(name);

    /// <summary>All versions, newest first, yanked ones too; none where there is no such name.</summary>
    public IReadOnlyList<PublishedTarget> Versions(PackageName name) => [.. View.Index.Versions(name).Select(found => found.Target)];

    /// <summary>What is installed by who names no version; null: all are yanked.</summary>
    public PublishedTarget? Newest(PackageName name) => View.Index.Newest(name)?.Target;

    /// <summary>The names whose newest version needs <paramref name="name"/>, sorted.</summary>
    public IReadOnlyList<PackageName> DependentsOf(PackageName name) => _dependents.Value.Of(name);

    IEnumerable<PackageName> Names() => View.Index.StartingWith("");

    IEnumerable<AvailablePackage> Newest() => Names().Select(name => View.Index.Newest(name)?.Package).OfType<AvailablePackage>();
}
