using System.Text.Json.Serialization;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Start;

/// <summary>A repository in one line.</summary>
/// <param name="Namespace">"" where the server has one repository.</param>
/// <param name="IsReadable">Whether its metadata can be read; where not, nothing more is said.</param>
/// <param name="Packages">How many names there are.</param>
/// <param name="Versions">How many versions of all names there are.</param>
/// <param name="Version">Of the signed metadata.</param>
/// <param name="SignedAt">When it was signed last.</param>
/// <param name="Expires">Until when clients believe it.</param>
/// <param name="IsExpired">Whether clients believe it no more.</param>
public sealed record RepositorySummary(
    string Namespace,
    [property: JsonPropertyName("readable")] bool IsReadable,
    int Packages = 0,
    int Versions = 0,
    long Version = 0,
    DateTimeOffset? SignedAt = null,
    DateTimeOffset? Expires = null,
    [property: JsonPropertyName("expired")] bool IsExpired = false)
{
    /// <summary>One that cannot be read is told so: the others are shown all the same.</summary>
    public static RepositorySummary Of(ServedRepository repository, DateTimeOffset now) =>
        repository.TryAsk(one => OfReadable(one, now)) ?? new RepositorySummary(repository.Namespace, false);

    static RepositorySummary OfReadable(ServedRepository repository, DateTimeOffset now)
    {
        var view = repository.View;
        return new RepositorySummary(
            repository.Namespace, true, view.Index.NameCount, view.Index.VersionCount,
            view.Version, repository.SignedAt, view.Expires, view.Expires <= now);
    }
}
