using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Repositories.Browsing;

/// <summary>
/// What a repository offers at one moment, found by name, by word and by time. What takes a walk over all packages is made
/// when it is first asked for, and kept as long as the state.
/// </summary>
public sealed class RepositoryCatalogue
{
    readonly Lazy<RepositoryIndex> _index;
    readonly Lazy<PackageIndex> _search;
    readonly Lazy<Dependents> _dependents;
    readonly Lazy<ImmutableArray<PublisherShare>> _publishers;
    readonly Lazy<PublicationTimes> _times;

    internal RepositoryCatalogue(RepositoryView view, PublicationTimes? before, Func<PackageId, DateTimeOffset?> publishedAt)
    {
        View = view;
        _index = new(() => IndexOf(view));
        _search = new(() => new PackageIndex([(null, _index.Value)]));
        _dependents = new(() => new Dependents(Newest));
        _publishers = new(() => PublisherShare.Of(view.Packages));
        _times = new(() => new PublicationTimes(view.Packages, before, publishedAt));
    }

    public RepositoryView View { get; }

    /// <summary>How many names there are.</summary>
    public int NameCount => _index.Value.NameCount;

    /// <summary>Who signed packages, most packages first.</summary>
    public ImmutableArray<PublisherShare> Publishers => _publishers.Value;

    /// <summary>When what was published.</summary>
    public PublicationTimes Times => _times.Value;

    /// <summary>What was found out about times so far: null where nobody asked.</summary>
    internal PublicationTimes? KnownTimes => _times.IsValueCreated ? _times.Value : null;

    /// <summary>As <c>pm search</c> ranks: best first, then by name. Yanked versions are not found.</summary>
    /// <param name="words">None: all packages.</param>
    /// <param name="most">How many are wanted; the others are only counted.</param>
    public SearchResult Search(IReadOnlyCollection<string> words, int most) => _search.Value.Search(words, most);

    /// <summary>Names that <paramref name="text"/> was perhaps meant for, at most three.</summary>
    public IReadOnlyList<PackageName> Suggest(string text) => _search.Value.Suggest(text);

    public bool Has(PackageName name) => _index.Value.Has(name);

    /// <summary>All versions, newest first, yanked ones too; none where there is no such name.</summary>
    public IReadOnlyList<PublishedTarget> Versions(PackageName name) => [.. _index.Value.Versions(name).Select(found => found.Target)];

    /// <summary>What is installed by who names no version; null: all are yanked.</summary>
    public PublishedTarget? Newest(PackageName name) => _index.Value.Newest(name)?.Target;

    /// <summary>The names whose newest version needs <paramref name="name"/>, sorted.</summary>
    public IReadOnlyList<PackageName> DependentsOf(PackageName name) => _dependents.Value.Of(name);

    IEnumerable<AvailablePackage> Newest() => _index.Value.StartingWith("").Select(name => _index.Value.Newest(name)?.Package).OfType<AvailablePackage>();

    static RepositoryIndex IndexOf(RepositoryView view)
    {
        var builder = new IndexBuilder();
        foreach (var target in view.Packages)
        {
            builder.Add(new IndexedPackage(target));
        }

        using var stream = new MemoryStream();
        builder.Write(stream, IndexHead.OfNobody);
        return RepositoryIndex.Open(stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }
}
