using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Repositories.Serving;

/// <summary>What a repository says at one moment; never changes.</summary>
public sealed class RepositoryView
{
    internal RepositoryView(RepositoryState state)
    {
        Version = state.Timestamp.Version;
        Fingerprint = RootFingerprint.Of(state.RootBytes);
        Root = state.Root;
        Expires = ((DateTimeOffset[])[state.Root.Expires, state.Targets.Expires, state.Snapshot.Expires, state.Timestamp.Expires]).Min();
        Packages = [.. state.Packages.Values.OrderBy(target => target.Package.Id)];
    }

    /// <summary>Of the timestamp.</summary>
    public long Version { get; }

    public RootFingerprint Fingerprint { get; }

    public RootMetadata Root { get; }

    /// <summary>Until when clients believe it.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>By name and version.</summary>
    public IReadOnlyList<PublishedTarget> Packages { get; }
}
