using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>Who is to sign for the roles from now on, as a difference.</summary>
public sealed record KeyChange
{
    /// <summary>A role and a key that is to sign for it; null: one that is made here.</summary>
    public ImmutableArray<(string Role, RoleKey? Key)> Added { get; init; } = [];

    /// <summary>A role and the begin of the id of a key that is no longer to sign for it.</summary>
    public ImmutableArray<(string Role, string KeyId)> Removed { get; init; } = [];

    /// <summary>A role and how many of its keys must sign.</summary>
    public ImmutableArray<(string Role, int Count)> Thresholds { get; init; } = [];

    /// <summary>Roles that get as many new keys: of root and targets for those that lie here, of the others for all.</summary>
    public ImmutableArray<string> Rotated { get; init; } = [];

    /// <summary>Which roles it is about.</summary>
    public IEnumerable<string> Roles => Added.Select(a => a.Role).Concat(Removed.Select(r => r.Role)).Concat(Thresholds.Select(t => t.Role)).Concat(Rotated).Distinct();
}
