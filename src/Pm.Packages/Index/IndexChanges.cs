using System.Collections.Immutable;

namespace Pm.Packages.Index;

/// <summary>What an index says that the one before did not, as <c>name@version</c>, sorted by name.</summary>
/// <param name="Added">Versions that are new.</param>
/// <param name="Removed">Versions that are gone.</param>
/// <param name="Yanked">Versions that were withdrawn since.</param>
public sealed record IndexChanges(ImmutableArray<string> Added, ImmutableArray<string> Removed, ImmutableArray<string> Yanked)
{
    public static IndexChanges None { get; } = new([], [], []);
}
