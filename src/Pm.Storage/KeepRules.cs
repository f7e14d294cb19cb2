using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Storage;

/// <summary>What garbage collection leaves besides what is current, pinned or in use.</summary>
public sealed record KeepRules
{
    /// <summary>The last so many generations of each root stay, however old.</summary>
    public int Generations { get; init; } = 10;

    /// <summary>Generations younger than this stay, however many. One goes only when both rules let it.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The time to judge age by.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Packages that something else needs: a unit, a spot, a pin, a fetch under way. With the reason.</summary>
    public ImmutableDictionary<MerkleRoot, string> Needed { get; init; } = ImmutableDictionary<MerkleRoot, string>.Empty;

    /// <summary>
    /// Packages that belong to a registered root besides those of its generations, with the reason: what is locked for a project and not installed yet.
    /// Asked while nobody else changes the store; what the store does not hold is passed over.
    /// </summary>
    public Func<StoreRoot, IEnumerable<(MerkleRoot Package, string Reason)>> NeededFor { get; init; } = static _ => [];

    /// <summary>Why a generation stays; null: it may go.</summary>
    /// <param name="root">Whose it is.</param>
    /// <param name="generation">The one in question.</param>
    /// <param name="current">The number of the root's current generation; 0: none.</param>
    /// <param name="fromEnd">Its place among the kept ones, from the end; 1: the last.</param>
    public string? ReasonToKeep(Root root, Generation generation, int current, int fromEnd)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(generation);
        return generation.Number == current ? "current"
            : root.Settings.PinnedGenerations.Contains(generation.Number) ? "pinned"
            : fromEnd <= Generations ? $"one of the last {Generations}"
            : Now - generation.Made < Age ? $"younger than {Age.TotalDays:0.#} days"
            : null;
    }
}
