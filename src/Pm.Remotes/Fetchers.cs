namespace Pm.Remotes;

/// <summary>Which fetcher serves which kind of remote.</summary>
public static class Fetchers
{
    /// <summary>Why this version of pm cannot fetch from <paramref name="url"/>; null where it can.</summary>
    public static string? WhyNot(RemoteUrl url) => url.Kind == RemoteKind.File
        ? null
        : $"`{url}` is a right URL, but this version of pm fetches from directories only (file:///PATH or a path)";

    /// <exception cref="RemoteException">PM6002: not this kind yet; PM6003: not readable.</exception>
    public static FileFetcher Open(RemoteUrl url) =>
        WhyNot(url) is { } why ? throw new RemoteException("PM6002", why) : FileFetcher.Open(url);
}
