using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Planning;

/// <summary>
/// Plans the fresh tree of an application root. What somebody put or edited in the tree before is taken over, so nothing is
/// out of sight after a switch; a kept tree that is still as pm made it serves again as it is.
/// </summary>
sealed class ApplicationPlanner
{
    /// <summary>
    /// What the packages' own metadata takes, in bytes, where an application has so many files, several hundred or more, that looking at
    /// each would be waited for.
    /// </summary>
    const int LargeApplication = 64 * 1024;

    readonly PackageTree _old;
    readonly PackageTree _new;
    readonly DiskView _disk;
    readonly PlanDraft _draft = new();
    readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    readonly List<CarriedPath> _carried = [];
    readonly TreeSurvey _survey;
    bool _isSureOfOwners = true;

    ApplicationPlanner(PackageTree old, PackageTree @new, DiskView disk)
    {
        _old = old;
        _new = @new;
        _disk = disk;
        _survey = disk.Survey(old, static _ => true);
    }

    public static ChangePlan Plan(Root root, Store store, ChangePlan plan)
    {
        if (plan.Target.IsEmpty && plan.From is { } whole && whole.Packages.Sum(p => plan.Shelf[p.Hash].MetaFar.Length) >= LargeApplication)
        {
            return Detached(root, plan);
        }
        var newTree = plan.Shelf.TreeOf(plan.Target);
        using var current = plan.From is { } from ? ApplicationTrees.TryOpen(root, from.Number) : null;
        using var disk = new DiskView(current ?? root.Top, store);
        var planner = new ApplicationPlanner(plan.Shelf.TreeOf(plan.From?.Packages ?? []), newTree, disk);
        planner._draft.Conflicts.AddRange(newTree.Conflicts);
        planner._draft.Conflicts.AddRange(LinkConflicts(root));
        if (current is not null)
        {
            planner.Walk("");
        }
        return planner.Result(root, store, plan);
    }

    /// <summary>
    /// What is not pm's in <paramref name="tree"/>, where <paramref name="generation"/> was and from which everything goes: its
    /// packages' files are in the store, the rest may be nowhere else.
    /// </summary>
    /// <param name="generation">Null: it is not known any more, and pm's files are told by their time alone.</param>
    /// <exception cref="SystemCallException">It cannot be read; EBUSY: something is mounted in it.</exception>
    public static (IReadOnlyList<CarriedPath> Carried, IReadOnlyList<SavedFile> Saved) LeftBehind(
        Generation? generation, DirectoryHandle tree, Store store)
    {
        var packages = new List<Package>();
        foreach (var installed in generation?.Packages ?? [])
        {
            try
            {
                packages.Add(store.Require(installed.Hash));
                _ = packages[^1].Entries;
            }
            catch (Exception e) when (e is StoreException or PackageFormatException)
            {
                // Damaged: its files are told by their time alone.
            }
        }
        using var disk = new DiskView(tree, store, isWithinMount: true);
        var planner = new ApplicationPlanner(new PackageTree(packages), new PackageTree([]), disk)
        {
            _isSureOfOwners = packages.Count == generation?.Packages.Length,
        };
        planner.Walk("");
        return (planner._carried, planner._draft.Saved);
    }

    /// <summary>The old tree is left as it is and not looked at, however large it is.</summary>
    static ChangePlan Detached(Root root, ChangePlan plan) => new()
    {
        From = plan.From,
        Number = plan.Number,
        Target = plan.Target,
        RestoredFrom = plan.RestoredFrom,
        Packages = plan.Packages,
        Shelf = plan.Shelf,
        Conflicts = [.. LinkConflicts(root)],
        IsDetached = true,
    };

    static IEnumerable<Conflict> LinkConflicts(Root root)
    {
        if (root.Top.Status(Root.CurrentLink) is { IsSymbolicLink: false })
        {
            yield return new Conflict(
                Root.CurrentLink, ConflictKind.Foreign, "pm", null, "it is not pm's link to the current tree");
        }
    }

    ChangePlan Result(Root root, Store store, ChangePlan plan)
    {
        foreach (var directory in _new.Directories)
        {
            Make(directory);
        }
        foreach (var entry in _new.Directories.Prepend(_new.Top).SelectMany(d => d.Files))
        {
            if (!_taken.Contains(entry.Path))
            {
                _draft.Add(entry);
            }
        }
        return new ChangePlan
        {
            From = plan.From,
            Number = plan.Number,
            Target = plan.Target,
            RestoredFrom = plan.RestoredFrom,
            Packages = plan.Packages,
            Shelf = plan.Shelf,
            Conflicts = [.. _draft.Conflicts],
            Configuration = [.. _draft.Configuration],
            Saved = [.. _draft.Saved],
            Operations = _draft.Operations(),
            Carried = [.. _carried],
            ReusedTree = FindReusable(root, store, plan),
        };
    }

    void Make(TreeDirectory directory)
    {
        const int OwnerAll = 0b111_000_000;
        var mode = directory.Mode | OwnerAll;
        _draft.NewDirectories.Add(new Operation.MakeDirectory(directory.Path, mode) { Directory = directory });
        if (mode != directory.Mode)
        {
            _draft.Modes.Add(new Operation.SetMode(directory.Path, mode, directory.Mode));
        }
    }

    void Walk(string directory)
    {
        // What is still as pm made it needs nothing: it is in the new tree because a package has it there, or it is not.
        var surveyed = _survey[directory];
        foreach (var entry in surveyed?.Subdirectories.Concat(surveyed.Others) ?? _disk.Entries(directory).ToList())
        {
            try
            {
                Walk(directory.Length == 0 ? entry.Name : $"{directory}/{entry.Name}", entry.Kind);
            }
            catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
            {
                // Programs make and remove things while it is looked through: what is gone needs nothing.
            }
        }
    }

    void Walk(string path, FileKind kind)
    {
        if (kind is FileKind.Directory)
        {
            WalkDirectory(path);
        }
        else if (_old.Files.TryGetValue(path, out var old))
        {
            WalkOwned(path, old);
        }
        else
        {
            WalkForeign(path);
        }
    }

    void WalkDirectory(string path)
    {
        if (_new.Files.TryGetValue(path, out var file))
        {
            if (_old.Directory(path) is null)
            {
                Conflict(file, "a directory is there that belongs to no package");
            }
        }
        else if (_new.Directory(path) is null && _old.Directory(path) is null)
        {
            _carried.Add(new CarriedPath(path, path, IsDirectory: true));
        }
        Walk(path);
    }

    void WalkOwned(string path, TreeEntry old)
    {
        if (_disk.StateOf(old, _disk.Status(path)) is FileState.Pristine)
        {
            if (old.IsConfiguration && _new.Files.TryGetValue(path, out var next) && next.Root != old.Root)
            {
                Decide(path, ConfigurationOutcome.Replaced);
            }
            return;
        }
        if (!old.IsConfiguration)
        {
            var savedAs = _disk.FreeName(path + PlanSuffix.Save);
            Carry(path, savedAs, old);
            _draft.Save(path, savedAs);
        }
        else if (!_new.Files.TryGetValue(path, out var entry))
        {
            Carry(path, path);
            Decide(path, ConfigurationOutcome.KeptAtRemoval);
        }
        else
        {
            KeepEdited(entry, old);
        }
    }

    void KeepEdited(TreeEntry entry, TreeEntry? old)
    {
        Carry(entry.Path, entry.Path);
        _taken.Add(entry.Path);
        if (old?.Root == entry.Root)
        {
            Decide(entry.Path, ConfigurationOutcome.Kept);
            return;
        }
        var beside = _disk.FreeName(entry.Path + PlanSuffix.New);
        _draft.Add(entry.At(beside));
        Decide(entry.Path, ConfigurationOutcome.KeptNewBeside, beside);
    }

    void WalkForeign(string path)
    {
        if (_new.Files.TryGetValue(path, out var entry))
        {
            if (_disk.StateOf(entry, _disk.Status(path)) is FileState.Pristine)
            {
                return;
            }
            if (entry.IsConfiguration)
            {
                KeepEdited(entry, old: null);
                return;
            }
            Conflict(entry, "a file is there that belongs to no package and holds something else");
        }
        else if (_isSureOfOwners || _disk.Status(path) is not { IsRegular: true } status || status.Modified != Store.BlobTime)
        {
            Carry(path, path);
        }
    }

    void Carry(string from, string to, TreeEntry? old = null)
    {
        for (var parent = DiskView.ParentOf(to); parent.Length > 0; parent = DiskView.ParentOf(parent))
        {
            if (_new.Files.TryGetValue(parent, out var entry))
            {
                Conflict(entry, $"a file is needed, and `{to}` is there that belongs to no package");
                return;
            }
            if (_new.Directory(parent) is null && _old.Directory(parent) is not null)
            {
                // Made by pm and no longer needed by a package, but by this.
                _carried.Add(new CarriedPath(parent, parent, IsDirectory: true));
            }
        }
        _carried.Add(new CarriedPath(from, to, IsDirectory: false) { Blob = old is { IsLink: false } ? old.Blob : null });
    }

    /// <summary>The kept tree of what is restored, or the current one when only what is recorded changes.</summary>
    int? FindReusable(Root root, Store store, ChangePlan plan)
    {
        var candidate = plan.Packages.Any(p => p.ChangesFiles) ? plan.RestoredFrom : plan.From?.Number;
        if (candidate is not { } number || (_carried.Count > 0 && number != plan.From?.Number)
            || ApplicationTrees.Resolve(root, number) is not { } real)
        {
            return null;
        }
        if (number == plan.From?.Number)
        {
            return real;
        }
        using var kept = ApplicationTrees.TryOpen(root, number)!;
        using var disk = new DiskView(kept, store);
        return new TreeComparison(_new, disk).IsExactly() ? real : null;
    }

    void Decide(string path, ConfigurationOutcome outcome, string? beside = null) =>
        _draft.Configuration.Add(new ConfigurationDecision(path, outcome, beside));

    void Conflict(TreeEntry entry, string reason) =>
        _draft.Conflicts.Add(new Conflict(entry.Path, ConflictKind.Foreign, _new.NameOf(entry.Package), null, reason));
}
