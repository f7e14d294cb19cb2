using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages;

/// <summary>What is new in one repository or in several.</summary>
/// <param name="Newest">Names that were not there before.</param>
/// <param name="Updated">Names that have a further version.</param>
sealed record RecentPackages(ImmutableArray<PackageSummary> Newest, ImmutableArray<PackageSummary> Updated)
{
    const int Most = 8;

    /// <summary>Passes over repositories that cannot be read.</summary>
    public static RecentPackages Of(IReadOnlyList<ServedRepository> repositories) => new(
        Merge(repositories, repository => repository.Catalogue.Times.Newest),
        Merge(repositories, repository => repository.Catalogue.Times.Updated));

    static ImmutableArray<PackageSummary> Merge(
        IReadOnlyList<ServedRepository> repositories, Func<ServedRepository, ImmutableArray<PublishedTarget>> recent) =>
    [
        .. repositories.SelectMany(repository => Summaries(repository, recent))
            .OrderByDescending(package => package.Published).ThenBy(package => package.Name)
            .Take(Most),
    ];

    static List<PackageSummary> Summaries(
        ServedRepository repository, Func<ServedRepository, ImmutableArray<PublishedTarget>> recent) => repository.TryAsk(
            one => recent(one).Take(Most).Select(target => PackageSummary.Of(one, target, one.Catalogue.Times)).ToList()) ?? [];
}
