using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>A package that a path of a root belongs to.</summary>
/// <param name="Path">Relative to the root's content.</param>
/// <param name="Package">Whose it is.</param>
/// <param name="Entry">What the package puts there; null: a directory that it only has something below.</param>
public sealed record PathOwner(string Path, InstalledPackage Package, PackageEntry? Entry);
