using Pm.Remotes;

namespace Pm.Stages.Roots;

/// <summary>Fetches nothing: for reading what an earlier pull kept.</summary>
sealed class AbsentFetcher : IFetcher
{
    public static AbsentFetcher Instance { get; } = new();

    public string Location => "offline";

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<FetchedBody?>(null);

    public void Dispose()
    {
    }
}
