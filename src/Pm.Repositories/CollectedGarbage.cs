using System.Collections.Immutable;

namespace Pm.Repositories;

/// <summary>Files that nothing published needs.</summary>
/// <param name="Paths">Below <c>repository/</c>, sorted.</param>
/// <param name="SizeInBytes">What they take on the disk: a file with two names counts once both are gone.</param>
public sealed record CollectedGarbage(ImmutableArray<string> Paths, long SizeInBytes);
