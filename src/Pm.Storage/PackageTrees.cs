using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage;

/// <summary>
/// Packages expanded in the store, <c>trees/&lt;hash&gt;</c>, to run without being installed. A tree appears whole, by one
/// rename, and stays while somebody holds its lock.
/// </summary>
public static class PackageTrees
{
    const string LockSuffix = ".lock";

    /// <summary>Where a package is when it is expanded.</summary>
    public static string PathOf(Store store, Package package)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(package);
        return Path.Join(store.Path, Store.TreesDirectory, package.Hash.ToString());
    }

    /// <summary>Expands the package, unless it is already, and keeps the tree from being collected until disposed.</summary>
    /// <param name="store">Must hold the package and all its blobs.</param>
    /// <exception cref="StoreException">PM4003: a blob is missing.</exception>
    public static PackageTreeUse Use(Store store, Package package, string holder)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(package);
        store.Sync();
        using var trees = store.Top.OpenOrMakeBeneath(Store.TreesDirectory, Store.DirectoryMode);
        var name = package.Hash.ToString();
        var use = FileLock.TryShared(Path.Join(store.Path, Store.TreesDirectory, name + LockSuffix), holder)
            ?? throw new StoreException("PM4041", $"{name}: the expanded package is being removed", "pm run …");
        try
        {
            if (trees.Status(name) is null)
            {
                Expand(store, package, trees, name);
            }
            return new PackageTreeUse(PathOf(store, package), use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    internal static bool IsInUse(Store store, MerkleRoot hash)
    {
        using var taken = FileLock.TryExclusive(LockOf(store, hash), "pm gc");
        return taken is null;
    }

    internal static void Remove(Store store, MerkleRoot hash)
    {
        using var taken = FileLock.TryExclusive(LockOf(store, hash), "pm gc");
        if (taken is null)
        {
            return;
        }
        using var trees = store.Top.OpenBeneath(Store.TreesDirectory);
        var name = store.Pending.NextName();
        trees.Rename(hash.ToString(), store.Pending.Directory(), name);
        store.Pending.Discard(name);
        trees.RemoveTree(hash + LockSuffix);
    }

    static string LockOf(Store store, MerkleRoot hash) =>
        Path.Join(store.Path, Store.TreesDirectory, hash + LockSuffix);

    static void Expand(Store store, Package package, DirectoryHandle trees, string name)
    {
        var tree = new PackageTree([package]);
        if (tree.Conflicts.Count > 0)
        {
            throw new ConflictException([.. tree.Conflicts]);
        }
        var draft = new PlanDraft();
        foreach (var directory in tree.Directories)
        {
            draft.NewDirectories.Add(new Operation.MakeDirectory(directory.Path, directory.Mode) { Directory = directory });
        }
        foreach (var entry in tree.Directories.Prepend(tree.Top).SelectMany(d => d.Files))
        {
            draft.Add(entry);
        }
        var pending = store.Pending.NextName();
        using (var directory = store.Pending.Directory().OpenOrMakeBeneath(pending, Store.DirectoryMode))
        using (var fileSystems = new FileSystems(directory))
        {
            new StepRunner(directory, store, 0, draft.Operations(), fileSystems).Run(CancellationToken.None);
        }
        // Whatever has the name of a tree is run unseen: nothing of it may be lost with the power, while its name is not.
        store.SyncNames();
        try
        {
            store.Pending.Directory().Rename(pending, trees, name, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            // Another pm expanded it meanwhile.
            store.Pending.Discard(pending);
        }
    }
}
