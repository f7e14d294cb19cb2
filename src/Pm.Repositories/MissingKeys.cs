using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>Roles that sign at every change and whose keys are not in the repository: it can neither be published to nor renewed.</summary>
/// <param name="Roles">Of snapshot, timestamp and bins.</param>
/// <param name="Remedy">What to do, with the exact command.</param>
public sealed record MissingKeys(ImmutableArray<string> Roles, string Remedy);
