using System.Collections.Immutable;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>A change of root or targets before anything of it is written.</summary>
/// <param name="Change">What is to be signed; null: nothing changes.</param>
/// <param name="Fresh">Secret keys that are to lie in <c>keys/</c>, by role.</param>
/// <param name="IsTargetsOffline">Whether from then on the targets cannot be signed here alone.</param>
sealed record PlannedChange(RepositoryChange? Change, ImmutableDictionary<string, ImmutableArray<SecretKey>> Fresh, bool IsTargetsOffline);
