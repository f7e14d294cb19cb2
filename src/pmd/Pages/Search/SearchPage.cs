using System.Collections.Immutable;
using System.Text.Json;
using Pm.Daemon.Pages.Errors;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Search;

/// <summary><c>/search?q=WORDS&amp;ns=NAMESPACE&amp;page=N</c>: what <c>pm search</c> would find.</summary>
public sealed record SearchPage : Page
{
    /// <summary>Deeper nobody looks: another word finds it sooner.</summary>
    public const int MaximumPages = 50;

    const int PageLength = 20;
    const int MostSuggestions = 5;

    internal override string Kind => "search-page";

    internal override string Title => Query.Length == 0 ? "All packages" : $"{Query} - search";

    internal override Type View => typeof(SearchView);

    internal override string Words => Query;

    internal override string? Within => Repository;

    public required string Query { get; init; }

    /// <summary>The namespace that was looked in; absent: all.</summary>
    public string? Repository { get; init; }

    public required int Total { get; init; }

    /// <summary>From 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>How many there are, at most <see cref="MaximumPages"/>.</summary>
    public required int Pages { get; init; }

    /// <summary>How many were found in each repository, where there are several.</summary>
    public required ImmutableArray<RepositoryHits> Repositories { get; init; }

    /// <summary>The namespaces that could not be looked in, where there are several: they cannot be read now.</summary>
    public ImmutableArray<string> Unreadable { get; init; } = [];

    public required ImmutableArray<PackageSummary> Packages { get; init; }

    /// <summary>What was perhaps meant, where nothing was found.</summary>
    public ImmutableArray<Suggestion> Suggestions { get; init; } = [];

    internal static SearchPage Of(HttpContext context)
    {
        var (query, words) = SearchWords.Of(context.Request);
        var wanted = PageQuery.Number(context.Request, "page", 1, MaximumPages);
        var all = context.RequestServices.GetRequiredService<RepositorySet>();
        var only = context.Request.Query["ns"].FirstOrDefault() is { } name ? all.Find(name) : null;
        var asked = only is null ? all.All : [only];
        var found = Find(asked, words, wanted * PageLength);
        var total = found.Sum(each => each.Result.Total);
        var pages = Math.Clamp((total + PageLength - 1) / PageLength, 1, MaximumPages);
        var number = Math.Min(wanted, pages);
        var hits = found.SelectMany(each => each.Result.Hits, (each, hit) => (each.Repository, Hit: hit))
            .OrderBy(each => each.Hit.Rank).ThenBy(each => each.Hit.Package.Name);
        return new SearchPage
        {
            Query = query,
            Repository = only?.Namespace,
            Total = total,
            Number = number,
            Pages = pages,
            Repositories = asked.Length == 1 ? [] : [.. found.Select(each => new RepositoryHits(each.Repository.Namespace, each.Result.Total))],
            Unreadable = [.. asked.Except(found.Select(each => each.Repository)).Select(repository => repository.Namespace)],
            Packages = [.. hits.Skip((number - 1) * PageLength).Take(PageLength).Select(each => Summary(each.Repository, each.Hit))],
            Suggestions = total > 0 || words.Count == 0 ? [] : Suggest(found.Select(each => each.Repository), words),
        };
    }

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.SearchPage);

    /// <summary>Where one repository alone is asked for, it has to answer.</summary>
    static List<(ServedRepository Repository, SearchResult Result)> Find(
        IReadOnlyList<ServedRepository> repositories, IReadOnlyList<string> words, int most)
    {
        if (repositories is [var only])
        {
            return [(only, only.Catalogue.Search(words, most))];
        }

        var found = new List<(ServedRepository, SearchResult)>();
        foreach (var repository in repositories)
        {
            if (repository.TryAsk(one => one.Catalogue.Search(words, most)) is { } result)
            {
                found.Add((repository, result));
            }
        }

        return found;
    }

    static PackageSummary Summary(ServedRepository repository, SearchHit hit) =>
        PackageSummary.Of(repository, hit.Package, repository.PublishedAt(hit.Package.Id));

    static ImmutableArray<Suggestion> Suggest(IEnumerable<ServedRepository> repositories, IReadOnlyList<string> words) =>
    [
        .. repositories.SelectMany(repository => words.SelectMany(repository.Catalogue.Suggest).Distinct().Take(MostSuggestions),
                (repository, name) => new Suggestion(name.Text, PageUrls.Package(repository.Namespace, name)))
            .Take(MostSuggestions),
    ];
}
