using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>Who signs for a role.</summary>
/// <param name="Role">root, snapshot, targets or timestamp.</param>
/// <param name="KeyIds">The keys that the root names.</param>
/// <param name="Threshold">How many of them must sign.</param>
/// <param name="IsSecretHere">Whether enough of the secret keys lie in <c>keys/</c>.</param>
/// <param name="Expires">Until when the role's present metadata is believed.</param>
public sealed record RoleKeyInfo(string Role, ImmutableArray<string> KeyIds, int Threshold, bool IsSecretHere, DateTimeOffset Expires);
