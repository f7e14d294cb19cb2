using Pm.Blobs;

namespace Pm.Packages;

/// <summary>One line of <c>meta/contents</c>.</summary>
public readonly record struct ContentsEntry(string Path, MerkleRoot Root);
