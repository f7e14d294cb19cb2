using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Storage;

/// <summary>What garbage collection leaves besides what is current, pinned or in use.</summary>
public sealed record KeepRules
{
    /// <summary>The last so many generations of each root stay, however old.</summary>
    public int Generations { get; init; } = 5;

    /// <summary>Generations younger than this stay, however many. One goes only when both rules let it.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The time to judge age by.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Packages that something else needs: a unit, a spot, a pin, a fetch under way. With the reason.</summary>
    public ImmutableDictionary<MerkleRoot, string> Needed { get; init; } = ImmutableDictionary<MerkleRoot, string>.Empty;
}
