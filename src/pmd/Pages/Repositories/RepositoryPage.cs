using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Repositories;

/// <summary><c>/r/NAMESPACE</c>: where a repository is, whom it asks to be believed, and what is new in it.</summary>
public sealed record RepositoryPage : Page
{
    const int MostPublishers = 20;

    internal override string Kind => "repository";

    internal override string Title => Namespace.Length == 0 ? "Repository" : Namespace;

    internal override Type View => typeof(RepositoryDetails);

    internal override string? Within => Namespace;

    public required string Namespace { get; init; }

    /// <summary>What clients are given.</summary>
    public required string Url { get; init; }

    /// <summary>Of the root, for first trust.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Of the timestamp.</summary>
    public required long Version { get; init; }

    /// <summary>When it was signed last; absent where nothing tells.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    public required DateTimeOffset Expires { get; init; }

    [JsonPropertyName("expired")]
    public required bool IsExpired { get; init; }

    /// <summary>How many names there are.</summary>
    public required int Packages { get; init; }

    /// <summary>How many versions of all names there are.</summary>
    public required int Versions { get; init; }

    public required ImmutableArray<RoleLine> Roles { get; init; }

    /// <summary>How many there are, those that are not listed included.</summary>
    public required int PublisherCount { get; init; }

    /// <summary>Those with most packages.</summary>
    public required ImmutableArray<PublisherLine> Publishers { get; init; }

    public required ImmutableArray<PackageSummary> Newest { get; init; }

    public required ImmutableArray<PackageSummary> Updated { get; init; }

    internal static RepositoryPage Of(HttpContext context, ServedRepository repository)
    {
        var catalogue = repository.Catalogue;
        var view = catalogue.View;
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var recent = RecentPackages.Of([repository]);
        return new RepositoryPage
        {
            Namespace = repository.Namespace,
            Url = BaseUrl.Of(context.Request, repository),
            Fingerprint = view.Fingerprint.ToString(),
            Version = view.Version,
            SignedAt = repository.SignedAt,
            Expires = view.Expires,
            IsExpired = view.Expires <= now,
            Packages = view.Index.NameCount,
            Versions = view.Index.VersionCount,
            Roles = [.. view.Roles.Select(role => RoleLine.Of(role, view.Root, now))],
            PublisherCount = catalogue.Publishers.Length,
            Publishers = [.. catalogue.Publishers.Take(MostPublishers).Select(share => PublisherLine.Of(context.Request, repository, share))],
            Newest = recent.Newest,
            Updated = recent.Updated,
        };
    }

    internal override void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, PageJson.Default.RepositoryPage);
}
