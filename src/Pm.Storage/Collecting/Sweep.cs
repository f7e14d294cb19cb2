using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Collecting;

/// <summary>Removes what a collection plan lists, in the order that leaves everything whole wherever it stops.</summary>
sealed class Sweep
{
    readonly Store _store;
    readonly string _holder;
    readonly Action<string>? _report;
    readonly CancellationToken _cancellation;

    public Sweep(Store store, string holder, Action<string>? report, CancellationToken cancellation)
    {
        _store = store;
        _holder = holder;
        _report = report;
        _cancellation = cancellation;
    }

    public void Run(CollectionPlan plan)
    {
        foreach (var group in plan.Generations.GroupBy(g => g.RootPath))
        {
            RemoveGenerations(group.Key, [.. group.Select(g => g.Number)]);
        }
        foreach (var tree in plan.Trees)
        {
            _cancellation.ThrowIfCancellationRequested();
            _report?.Invoke($"tree {tree}");
            PackageTrees.Remove(_store, tree);
        }
        RemovePackages(plan);
        RemoveBlobs(plan);
    }

    /// <summary>Never waits for a root: who holds one may be waiting for the store, which is held here.</summary>
    void RemoveGenerations(string rootPath, List<int> numbers)
    {
        using var root = Root.TryOpen(rootPath);
        using var taken = root is null ? null : FileLock.TryExclusive(root.LockPath, _holder);
        if (root is null || taken is null || root.NeedsRecovery)
        {
            return;
        }
        using (var generations = root.State.OpenBeneath(Root.GenerationsDirectory))
        {
            foreach (var number in numbers.Where(n => n != root.CurrentNumber()))
            {
                _cancellation.ThrowIfCancellationRequested();
                _report?.Invoke($"generation {number} of {rootPath}");
                generations.RemoveTree(Root.FileOf(number));
            }
            generations.Sync();
        }
        RemoveApplicationTrees(root);
        Register(root);
    }

    /// <summary>Trees that no kept generation is, and none serves again for.</summary>
    static void RemoveApplicationTrees(Root root)
    {
        if (root.Kind is not RootKind.Application || root.State.TryOpenBeneath(Root.TreesDirectory) is not { } trees)
        {
            return;
        }
        using (trees)
        {
            var kept = root.GenerationNumbers().SelectMany(n => new int?[] { n, ApplicationTrees.Resolve(root, n) })
                .OfType<int>().Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
            foreach (var entry in trees.Entries().Where(e => !kept.Contains(e.Name)).ToList())
            {
                trees.RemoveTree(entry.Name);
            }

            trees.Sync();
        }
    }

    void Register(Root root)
    {
        var needed = root.Generations().SelectMany(g => g.Packages).Select(p => p.Hash).Distinct();
        new StoreRoots(_store).Save(new StoreRoot(root.Path, [.. needed]));
    }

    void RemovePackages(CollectionPlan plan)
    {
        if (plan.Packages.IsEmpty)
        {
            return;
        }
        using var packages = _store.Top.OpenBeneath(Store.PackagesDirectory);
        foreach (var package in plan.Packages)
        {
            _cancellation.ThrowIfCancellationRequested();
            _report?.Invoke($"package {package}");
            // Out of sight in one step: half a package must never be found.
            var name = _store.Pending.NextName();
            packages.Rename(package.ToString(), _store.Pending.Directory(), name);
            _store.Pending.Discard(name);
        }
        // A package that came back after a power cut without its blobs would be believed to be complete.
        packages.Sync();
    }

    void RemoveBlobs(CollectionPlan plan)
    {
        foreach (var blob in plan.Blobs)
        {
            _cancellation.ThrowIfCancellationRequested();
            _store.Shelf(blob)?.Unlink(blob.File);
        }
        if (!plan.Blobs.IsEmpty)
        {
            // What is told to be free must not come back with the power.
            _store.SyncNames();
        }

        _report?.Invoke($"{plan.Blobs.Length} blobs");
    }
}
