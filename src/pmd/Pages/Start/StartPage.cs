using System.Collections.Immutable;
using System.Text.Json;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Start;

/// <summary><c>/</c>: which repositories there are.</summary>
public sealed record StartPage : Page
{
    internal override string Kind => "start";

    internal override string Title => "Packages";

    internal override Type View => typeof(StartView);

    public required ImmutableArray<RepositorySummary> Repositories { get; init; }

    public static StartPage Of(IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return new StartPage
        {
            Repositories = [.. services.GetRequiredService<RepositorySet>().All.Select(repository => RepositorySummary.Of(repository, now))],
        };
    }

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.StartPage);
}
