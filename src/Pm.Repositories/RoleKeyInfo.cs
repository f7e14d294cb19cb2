using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>Who signs for a role.</summary>
/// <param name="Role">root, snapshot, targets, timestamp or bins.</param>
/// <param name="KeyIds">The keys that the root, or for bins the targets, names.</param>
/// <param name="Threshold">How many of them must sign.</param>
/// <param name="IsSecretHere">Whether enough of the secret keys lie in <c>keys/</c>.</param>
/// <param name="Expires">Until when the role's present metadata is believed.</param>
public sealed record RoleKeyInfo(string Role, ImmutableArray<string> KeyIds, int Threshold, bool IsSecretHere, DateTimeOffset Expires)
{
    /// <summary>Whether the role signs at every change and cannot: nothing is published or renewed before it has other keys.</summary>
    public bool IsMissing => LostKeys.MustBeHere(Role) && !IsSecretHere;

    /// <summary>Those of the keys whose secret halves lie in <c>keys/</c>.</summary>
    public ImmutableArray<string> Here { get; init; } = [];
}
