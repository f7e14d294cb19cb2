using Pm.Blobs;

namespace Pm.Stages.Building;

/// <summary>A file or a symbolic link of a source.</summary>
/// <param name="Path">Below the source.</param>
/// <param name="IsExecutable">Whether its owner may run it; no other permission counts.</param>
/// <param name="Target">Where the link leads; null: it is a file.</param>
/// <param name="Content">The Merkle root of the file.</param>
readonly record struct BuildSourceEntry(string Path, bool IsExecutable, string? Target, MerkleRoot Content);
