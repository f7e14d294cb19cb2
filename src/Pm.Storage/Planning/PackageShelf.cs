using Pm.Blobs;
using Pm.Packages;

namespace Pm.Storage.Planning;

/// <summary>Packages read from the store, each once.</summary>
sealed class PackageShelf
{
    readonly Store _store;
    readonly Dictionary<MerkleRoot, Package> _packages = [];

    public PackageShelf(Store store) => _store = store;

    public Package this[MerkleRoot hash]
    {
        get
        {
            if (!_packages.TryGetValue(hash, out var package))
            {
                package = _store.Require(hash);
                _packages.Add(hash, package);
            }
            return package;
        }
    }

    public PackageTree TreeOf(IEnumerable<InstalledPackage> packages) => new([.. packages.Select(p => this[p.Hash])]);

    /// <summary>Puts in what the caller has read already.</summary>
    public void Add(Package package) => _packages[package.Hash] = package;
}
