namespace Pm.Storage.Collecting;

/// <summary>Removes what a collection plan lists, in the order that leaves everything whole wherever it stops.</summary>
sealed class Sweep
{
    readonly Store _store;
    readonly Action<string>? _report;
    readonly Action<string>? _note;
    readonly CancellationToken _cancellation;

    public Sweep(Store store, Action<string>? report, Action<string>? note, CancellationToken cancellation)
    {
        _store = store;
        _report = report;
        _note = note;
        _cancellation = cancellation;
    }

    public void Run(CollectionPlan plan)
    {
        foreach (var group in plan.Generations.GroupBy(g => g.RootPath))
        {
            RemoveGenerations(group.Key, [.. group.Select(g => g.Number)]);
        }
        foreach (var left in plan.Roots.Where(r => r is { IsReachable: true, Note: null }).Select(r => r.Path)
            .Except(plan.Generations.Select(g => g.RootPath)))
        {
            // A tree that could not go with its generation, or an earlier collection was stopped before it.
            using var root = Root.TryOpen(left);
            if (root is not null)
            {
                new ApplicationTreeSweep(root, _store, _note).Run();
            }
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

    /// <summary>The plan names generations of roots that are held; see <see cref="HeldRoots"/>.</summary>
    void RemoveGenerations(string rootPath, List<int> numbers)
    {
        using var root = Root.TryOpen(rootPath);
        if (root is null)
        {
            return;
        }
        var trees = new ApplicationTreeSweep(root, _store, _note);
        using (var generations = root.State.OpenBeneath(Root.GenerationsDirectory))
        {
            foreach (var number in numbers.Where(n => n != root.CurrentNumber()))
            {
                _cancellation.ThrowIfCancellationRequested();
                _report?.Invoke($"generation {number} of {rootPath}");
                trees.Note(number);
                generations.RemoveTree(Root.FileOf(number));
            }
            generations.Sync();
        }
        trees.Run();
        Register(root);
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
