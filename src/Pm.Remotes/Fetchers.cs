using Pm.Remotes.Http;

namespace Pm.Remotes;

/// <summary>How a run reaches its remotes. All of them share one set of connections, made when the first is needed.</summary>
/// <param name="http">How HTTP is spoken; asked only then.</param>
public sealed class Fetchers(Func<HttpSettings> http) : IDisposable
{
    HttpTransport? _transport;

    HttpTransport Transport => _transport ??= new HttpTransport(http());

    /// <summary>Why this version of pm cannot fetch from <paramref name="url"/>; null where it can.</summary>
    public static string? WhyNot(RemoteUrl url) => url.Kind is RemoteKind.File or RemoteKind.Http
        ? null
        : $"`{url}` is a right URL, but this version of pm fetches over http(s) and from directories only";

    /// <exception cref="RemoteException">PM6002: not this kind yet; PM6003: not readable.</exception>
    public IFetcher Open(RemoteUrl url) => url.Kind switch
    {
        RemoteKind.File => FileFetcher.Open(url),
        RemoteKind.Http => new PersistentFetcher([new HttpFetcher(url, Transport)], Transport.Settings),
        _ => throw new RemoteException("PM6002", WhyNot(url)!),
    };

    public void Dispose() => _transport?.Dispose();
}
