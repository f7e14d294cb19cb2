namespace Pm.Remotes.Tests;

/// <summary>A repository in memory behind the seam that every remote has.</summary>
sealed class SimulatedFetcher(Dictionary<string, byte[]> files) : IFetcher
{
    public string Location => "sim://repository";

    /// <summary>What was asked for, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What is answered in place of the file, e.g. a stream without an end.</summary>
    public Dictionary<string, Func<Stream>> Lies { get; } = [];

    public Task<Stream?> OpenAsync(string relativePath, long maximumLength, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(relativePath);
        var stream = Lies.TryGetValue(relativePath, out var lie) ? lie()
            : files.TryGetValue(relativePath, out var bytes) ? new MemoryStream(bytes, writable: false)
            : null;
        return Task.FromResult<Stream?>(stream is null ? null : new LimitedStream(stream, maximumLength, relativePath));
    }
}
