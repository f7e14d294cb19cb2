using Pm.Remotes;

namespace Pm.Simulation.Repositories;

/// <summary>A repository in memory behind the seam that every remote has.</summary>
public sealed class SimulatedFetcher(Dictionary<string, byte[]> files) : IFetcher
{
    public string Location => "sim://repository";

    /// <summary>What was asked for, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What is answered in place of the file, e.g. a stream without an end.</summary>
    public Dictionary<string, Func<Stream>> Lies { get; } = [];

    public Task<FetchedBody?> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Requests)
        {
            Requests.Add(request.Path);
        }

        var stream = Lies.TryGetValue(request.Path, out var lie) ? lie()
            : files.TryGetValue(request.Path, out var bytes) ? new MemoryStream(bytes, writable: false)
            : null;
        return Task.FromResult(stream is null
            ? null
            : new FetchedBody(new LimitedStream(stream, request.MaximumLength, request.Path), Location));
    }

    public void Dispose()
    {
    }
}
