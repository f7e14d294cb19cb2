using Pm.Blobs;
using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>A package that is there while another is built.</summary>
/// <param name="Id">Which.</param>
/// <param name="Hash">Of the package: with it, it counts as an input.</param>
/// <param name="Root">Absolute: a directory with <c>bin/</c>, <c>include/</c>, <c>lib/</c>.</param>
public sealed record BuildDependency(PackageId Id, MerkleRoot Hash, string Root);
