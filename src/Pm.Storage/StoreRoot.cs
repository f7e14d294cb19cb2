using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Storage;

/// <summary>A root as the store knows it.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Packages">The packages that its kept generations need.</param>
public sealed record StoreRoot(string Path, ImmutableArray<MerkleRoot> Packages);
