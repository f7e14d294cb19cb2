using System.Collections.Immutable;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Repositories.Serving;

/// <summary>What a repository says at one moment; never changes.</summary>
public sealed class RepositoryView
{
    internal RepositoryView(RepositoryState state, RepositoryIndex index)
    {
        Version = state.Timestamp.Version;
        Fingerprint = RootFingerprint.Of(state.RootBytes);
        Root = state.Root;
        Roles = [.. ((RoleMetadata[])[state.Root, state.Targets, state.Snapshot, state.Timestamp])
            .Select(role => new RepositoryRole(role.Type, state.Root.Roles[role.Type], role.Version, role.Expires))];
        Expires = Roles.Min(role => role.Expires);
        Index = index;
    }

    /// <summary>Of the timestamp.</summary>
    public long Version { get; }

    public RootFingerprint Fingerprint { get; }

    public RootMetadata Root { get; }

    /// <summary>The root first, then in the order in which they vouch for each other.</summary>
    public ImmutableArray<RepositoryRole> Roles { get; }

    /// <summary>Until when clients believe it.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Everything that is published.</summary>
    public RepositoryIndex Index { get; }
}
