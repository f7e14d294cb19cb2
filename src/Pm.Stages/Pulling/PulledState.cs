using System.Collections.Immutable;
using Pm.Packages.Index;

namespace Pm.Stages.Pulling;

/// <summary>What a remote offers after a pull.</summary>
/// <param name="IsNew">Whether anything was fetched beyond an unchanged timestamp.</param>
/// <param name="Packages">How many versions of packages.</param>
/// <param name="Expires">Until when its publisher vouches for it.</param>
/// <param name="Changes">What differs from the pull before.</param>
/// <param name="Ignored">Targets that are no packages pm understands, each with the reason.</param>
public sealed record PulledState(bool IsNew, int Packages, DateTimeOffset Expires, IndexChanges Changes, ImmutableArray<string> Ignored);
