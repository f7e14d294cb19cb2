using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Storage;

/// <summary>What a garbage collection would free, and why the rest lives.</summary>
public sealed class CollectionPlan
{
    /// <summary>Generations that go, by root and number.</summary>
    public required ImmutableArray<CollectedGeneration> Generations { get; init; }

    /// <summary>Every registered root.</summary>
    public required ImmutableArray<RootUsage> Roots { get; init; }

    /// <summary>Packages that nothing needs.</summary>
    public required ImmutableArray<MerkleRoot> Packages { get; init; }

    /// <summary>Expanded packages that nothing needs and nobody runs.</summary>
    public required ImmutableArray<MerkleRoot> Trees { get; init; }

    /// <summary>Blobs that nothing needs.</summary>
    public required ImmutableArray<BlobName> Blobs { get; init; }

    /// <summary>What removing the blobs gives back; less where a root that is not registered links them.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>How many blobs stay.</summary>
    public required int KeptBlobs { get; init; }

    public bool IsEmpty => Generations.IsEmpty && Packages.IsEmpty && Trees.IsEmpty && Blobs.IsEmpty;
}
