namespace Pm.Remotes.Http;

/// <summary>Fetches one file by its whole URL, whatever path a request names.</summary>
sealed class SingleFileFetcher(Uri url, HttpTransport transport) : IFetcher
{
    public string Location => url.AbsoluteUri;

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken) =>
        HttpFetcher.OpenAsync(url, Location, request, transport, cancellationToken);

    /// <summary>The connections are the run's.</summary>
    public void Dispose()
    {
    }
}
