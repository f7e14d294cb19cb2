namespace Pm.Remotes;

/// <summary>A directory that is opened when the first file is asked for: one of several mirrors may be gone.</summary>
sealed class LateFileFetcher(RemoteUrl url) : IFetcher
{
    readonly Lock _lock = new();
    FileFetcher? _opened;

    public string Location => url.Text;

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        FileFetcher directory;
        lock (_lock)
        {
            directory = _opened ??= FileFetcher.Open(url);
        }

        return directory.OpenAsync(request, cancellationToken);
    }

    public void Dispose() => _opened?.Dispose();
}
