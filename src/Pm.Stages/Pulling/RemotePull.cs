using Pm.Packages;
using Pm.Packages.Index;
using Pm.Remotes;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Pulling;

/// <summary>How the pull of one remote ended: with a result or with what went wrong.</summary>
/// <param name="Remote">Which one.</param>
/// <param name="Result">What it brought; null when it failed.</param>
/// <param name="Failure">Why it failed; what was believed before stays.</param>
public sealed record RemotePull(RemoteDefinition Remote, PulledState? Result, Exception? Failure)
{
    /// <summary>Which of its places gave the last file, where one did.</summary>
    public string? Source { get; init; }

    /// <summary>Pulls remotes one after the other, each whether or not the others fail.</summary>
    /// <param name="session">Opened to change the root: two pulls of one remote must not mix.</param>
    /// <param name="remotes">Some of the session's.</param>
    /// <param name="now">The one time against which all metadata is held.</param>
    /// <param name="observer">Told what is in hand.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    public static async Task<IReadOnlyList<RemotePull>> RunAsync(
        RootSession session, IEnumerable<RemoteDefinition> remotes, DateTimeOffset now, StageObserver observer,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        _ = session.RequireWriter();
        var pulls = new List<RemotePull>();
        foreach (var remote in remotes)
        {
            observer.Working?.Invoke(remote.Name);
            pulls.Add(await OneAsync(session, remote, now, cancellation));
        }

        session.ForgetCatalogue();
        return pulls;
    }

    static async Task<RemotePull> OneAsync(
        RootSession session, RemoteDefinition remote, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return new RemotePull(remote, await PullAsync(session, remote, now, cancellation), null);
        }
        catch (Exception e) when (e is RemoteException or Trust.TrustException or IOException or PackageFormatException)
        {
            return new RemotePull(remote, null, e) { Source = session.LastSource(remote) };
        }
    }

    static async Task<PulledState> PullAsync(
        RootSession session, RemoteDefinition remote, DateTimeOffset now, CancellationToken cancellation)
    {
        using var before = new RootIndexes(session.Root).TryOpenWhole(remote.Name);
        try
        {
            return await PullAsync(session, remote, now, before, cancellation);
        }
        catch (PackageFormatException e) when (e.Code == "PM2018" && before is not null)
        {
            // Damaged where nobody looked before: it is made anew from the metadata.
            return await PullAsync(session, remote, now, null, cancellation);
        }
    }

    static async Task<PulledState> PullAsync(
        RootSession session, RemoteDefinition remote, DateTimeOffset now, MappedIndex? before, CancellationToken cancellation)
    {
        var indexes = new RootIndexes(session.Root);
        var client = session.Client(remote);
        var result = remote.IsPlain
            ? await client.PullPlainAsync(before?.Index, cancellation)
            : await client.PullAsync(now, before?.Index, cancellation);
        var changes = IndexChanges.None;
        if (result.Update is { } update)
        {
            indexes.Replace(remote.Name, stream => changes = update.Write(stream));
        }

        using var after = indexes.TryOpen(remote.Name);
        return new PulledState(result.IsNew, after!.Index.VersionCount, result.Expires, changes, result.Ignored);
    }
}
