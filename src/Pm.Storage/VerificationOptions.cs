using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages;

namespace Pm.Storage;

/// <summary>What to verify.</summary>
public sealed record VerificationOptions
{
    /// <summary>Only these packages; empty: all.</summary>
    public ImmutableArray<PackageName> Packages { get; init; } = [];

    /// <summary>How many threads hash.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>For mending: opens a good copy of a blob that the store has lost; null when there is none either.</summary>
    public Func<MerkleRoot, Stream?>? OpenReplacement { get; init; }
}
