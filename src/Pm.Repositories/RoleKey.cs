using System.Collections.Immutable;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>A key that somebody brings: its public half, and the secret one where it is there, too.</summary>
public sealed record RoleKey(TufKey Key, SecretKey? Secret)
{
    /// <summary>The names of the roles whose keys can be changed.</summary>
    public static ImmutableArray<string> Roles { get; } = [.. RootMetadata.TopLevelRoles, HashBins.Role];
}
