using System.Collections.Immutable;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>Finds out which installed package a path belongs to.</summary>
public static class PathOwners
{
    /// <summary>The owners of each of <paramref name="paths"/>; of a directory all that have something below.</summary>
    /// <param name="store">Where the packages are read, each once.</param>
    /// <param name="packages">The packages of a generation.</param>
    /// <param name="paths">Relative to the root's content, normal: no "." or "..", no slash at either end.</param>
    /// <exception cref="StoreException">PM4004: a package is not in the store.</exception>
    public static IReadOnlyList<PathOwner> Find(
        Store store, ImmutableArray<InstalledPackage> packages, IReadOnlyCollection<string> paths)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(paths);
        var owners = new List<PathOwner>();
        foreach (var installed in packages)
        {
            var package = store.Require(installed.Hash);
            owners.AddRange(paths.Select(path => Owner(installed, package, path)).OfType<PathOwner>());
        }

        return owners;
    }

    static PathOwner? Owner(InstalledPackage installed, Package package, string path)
    {
        var below = path + "/";
        var holds = false;
        foreach (var entry in package.Entries)
        {
            if (entry.Path == path)
            {
                return new PathOwner(path, installed, entry);
            }

            holds |= entry.Path.StartsWith(below, StringComparison.Ordinal);
        }

        return holds ? new PathOwner(path, installed, null) : null;
    }
}
