using Pm.Remotes.Http;

namespace Pm.Remotes;

/// <summary>How a run reaches its remotes. All of them share one set of connections, made when the first is needed.</summary>
/// <param name="http">How HTTP is spoken; asked only then.</param>
public sealed class Fetchers(Func<HttpSettings> http) : IDisposable
{
    HttpTransport? _transport;

    /// <summary>How many requests are under way at once to what was opened.</summary>
    public int MostRequests => _transport?.Settings.Requests ?? 1;

    HttpTransport Transport => _transport ??= new HttpTransport(http());

    /// <summary>Why this version of pm cannot fetch from <paramref name="url"/>; null where it can.</summary>
    public static string? WhyNot(RemoteUrl url) => url.Kind is RemoteKind.File or RemoteKind.Http
        ? null
        : $"`{url}` is a right URL, but this version of pm fetches over http(s) and from directories only";

    /// <summary>Fetches from a remote, wherever it can be had.</summary>
    /// <exception cref="RemoteException">PM6002: a place of a kind that cannot be fetched from; PM6003: not readable.</exception>
    public IFetcher Open(RemoteDefinition remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        return remote is { Mirrors.IsEmpty: true, Url.Kind: RemoteKind.File }
            ? FileFetcher.Open(remote.Url)
            : new PersistentFetcher(remote.Places.Select(Place), Transport.Settings);
    }

    /// <summary>Opens a single file of a web server.</summary>
    /// <exception cref="RemoteException">It is not there, cannot be reached, or is longer.</exception>
    public async Task<FetchedBody> OpenAsync(PackageUrl url, long maximumLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        using var fetcher = new PersistentFetcher([new SingleFileFetcher(url.Url, Transport)], Transport.Settings);
        return await fetcher.OpenAsync(new FetchRequest("", maximumLength) { LongestTime = RepositoryClient.LongestUnsignedPkg }, cancellationToken)
            ?? throw new RemoteException("PM6011", $"{url}: expected 200 OK, got 404 Not Found");
    }

    IFetcher Place(RemoteUrl url) => url.Kind switch
    {
        RemoteKind.File => new LateFileFetcher(url),
        RemoteKind.Http => new HttpFetcher(url, Transport),
        _ => throw new RemoteException("PM6002", WhyNot(url)!),
    };

    public void Dispose() => _transport?.Dispose();
}
