using Pm.Blobs;
using Pm.Storage;

namespace Pm.Stages.Projects;

/// <summary>Packages expanded in the store for as long as something is built with them.</summary>
public sealed class ExpandedPackages(Store store, string holder) : IDisposable
{
    readonly List<PackageTreeUse> _uses = [];

    /// <returns>The absolute path of its files.</returns>
    public string Expand(MerkleRoot package)
    {
        var use = PackageTrees.Use(store, store.Require(package), holder);
        _uses.Add(use);
        return use.Path;
    }

    public void Dispose()
    {
        foreach (var use in _uses)
        {
            use.Dispose();
        }
    }
}
