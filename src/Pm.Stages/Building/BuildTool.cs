using Pm.Blobs;

namespace Pm.Stages.Building;

/// <summary>A program that a build uses.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="Path">Where it was found.</param>
/// <param name="Hash">The Merkle root of the file that runs.</param>
sealed record BuildTool(string Name, string Path, MerkleRoot Hash);
