using Pm.Packages.Index;

namespace Pm.Remotes.Tests;

/// <summary>What who pulls does with the index: it is written in memory, and given to the next pull.</summary>
sealed class KeptIndex
{
    public RepositoryIndex? Index { get; set; }

    /// <summary>Of the last pull.</summary>
    public IndexChanges Changes { get; private set; } = IndexChanges.None;

    public IEnumerable<string> Packages => Index!.StartingWith("").SelectMany(name => Index.Versions(name)).Select(p => p.Package.Id.ToString());

    public async Task<PullResult> PullAsync(RepositoryClient client, DateTimeOffset now, CancellationToken cancellation)
    {
        var result = await client.PullAsync(now, Index, cancellation);
        Changes = IndexChanges.None;
        if (result.Update is { } update)
        {
            using var stream = new MemoryStream();
            Changes = update.Write(stream);
            Index = RepositoryIndex.Open(stream.ToArray());
        }

        return result;
    }
}
