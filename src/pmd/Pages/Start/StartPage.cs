using System.Collections.Immutable;
using System.Text.Json;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Start;

/// <summary><c>/</c>: which repositories there are, and what is new in them.</summary>
public sealed record StartPage : Page
{
    const int RepositoryRoom = 15_000;
    const int AroundRepository = 250;

    internal override string Kind => "start";

    internal override string Title => "Packages";

    internal override Type View => typeof(StartView);

    public required ImmutableArray<RepositorySummary> Repositories { get; init; }

    /// <summary>How many there are, those that are not listed included.</summary>
    public required int RepositoryCount { get; init; }

    public required ImmutableArray<PackageSummary> Newest { get; init; }

    public required ImmutableArray<PackageSummary> Updated { get; init; }

    internal static StartPage Of(HttpContext context)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var repositories = context.RequestServices.GetRequiredService<RepositorySet>().All;
        var room = new PageRoom(RepositoryRoom, AroundRepository);
        var recent = RecentPackages.Of(repositories);
        return new StartPage
        {
            Repositories =
            [
                .. repositories.TakeWhile(repository => room.TryTake(repository.Namespace, repository.Namespace))
                    .Select(repository => RepositorySummary.Of(repository, now)),
            ],
            RepositoryCount = repositories.Length,
            Newest = recent.Newest,
            Updated = recent.Updated,
        };
    }

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.StartPage);
}
