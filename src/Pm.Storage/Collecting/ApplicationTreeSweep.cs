using System.Globalization;
using Pm.Linux;
using Pm.Storage.Planning;
using Pm.Storage.Switching;

namespace Pm.Storage.Collecting;

/// <summary>
/// Removes the trees of an application root that no kept generation is, and none serves again for. What a program still wrote into
/// one after the change that left it behind has no other name: it goes to <c>saved/</c> first. A tree that cannot be looked
/// through, or in which something is mounted, stays.
/// </summary>
sealed class ApplicationTreeSweep
{
    readonly Root _root;
    readonly Store _store;
    readonly Action<string>? _note;
    readonly Dictionary<int, Generation> _collected = [];

    public ApplicationTreeSweep(Root root, Store store, Action<string>? note)
    {
        _root = root;
        _store = store;
        _note = note;
    }

    /// <summary>Notes what a generation that is about to go held: its tree goes after it.</summary>
    public void Note(int number)
    {
        if (_root.Kind is RootKind.Application && ApplicationTrees.Resolve(_root, number) is { } real && _root.Find(number) is { } generation)
        {
            _collected.TryAdd(real, generation);
        }
    }

    public void Run()
    {
        if (_root.Kind is not RootKind.Application || _root.State.TryOpenBeneath(Root.TreesDirectory) is not { } trees)
        {
            return;
        }
        using (trees)
        {
            var kept = _root.GenerationNumbers().SelectMany(n => new int?[] { n, ApplicationTrees.Resolve(_root, n) })
                .OfType<int>().Select(n => n.ToString(CultureInfo.InvariantCulture)).ToHashSet();
            foreach (var entry in trees.Entries().Where(e => !kept.Contains(e.Name)).ToList())
            {
                Remove(trees, entry);
            }
            trees.Sync();
        }
    }

    void Remove(DirectoryHandle trees, DirectoryEntry entry)
    {
        try
        {
            if (entry.Kind is FileKind.Directory && int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                SaveLate(trees, entry.Name, number);
            }
            trees.RemoveTree(entry.Name);
        }
        catch (SystemCallException e) when (!e.IsNoSpace && e.Errno is not (Errno.EIO or Errno.EROFS))
        {
            _note?.Invoke($"{Path.Join(trees.Path, entry.Name)} stays until the next `pm gc`: {e.Message}");
        }
    }

    void SaveLate(DirectoryHandle trees, string name, int number)
    {
        using var tree = trees.TryOpenWithinMount(name) ?? throw new SystemCallException("open", Errno.ENOENT, Path.Join(trees.Path, name));
        var late = Late(tree, ApplicationPlanner.LeftBehind(_collected.GetValueOrDefault(number), tree, _store).Carried);
        if (late.Count == 0)
        {
            return;
        }
        var leftovers = new Leftovers(_root, number);
        foreach (var path in late)
        {
            using var directory = tree.TryOpenWithinMount(DiskView.ParentOf(path) is { Length: > 0 } parent ? parent : ".");
            if (directory?.Status(DiskView.NameOf(path)) is not null)
            {
                leftovers.Keep(directory, DiskView.NameOf(path), path);
            }
        }
        // The tree must not be gone with the power while their new names are not there yet.
        _root.State.SyncFileSystem();
        _note?.Invoke($"{_root.Path}: written into generation {number} after another took its place, and kept: {string.Join("; ", leftovers.Reports)}");
    }

    /// <summary>What would be gone with the tree: all names of the file, but the store's for what it was before it was edited, are in it.</summary>
    List<string> Late(DirectoryHandle tree, IReadOnlyList<CarriedPath> carried)
    {
        using var disk = new DiskView(tree, _store, isWithinMount: true);
        return [.. carried.Where(c => !c.IsDirectory).Select(c => (c.From, c.Blob, Status: disk.Status(c.From)))
            .Where(c => c.Status is { Kind: FileKind.Regular or FileKind.SymbolicLink })
            .GroupBy(c => (c.Status!.Value.Device, c.Status.Value.Inode))
            .Where(names => names.First().Status!.Value.Links <= names.Count() + names.Select(n => n.Blob).Distinct()
                .Count(b => b is { } blob && _store.StatusOf(blob) is { } stored && stored.IsSameFile(names.First().Status!.Value)))
            .SelectMany(names => names.Select(n => n.From)).Order(StringComparer.Ordinal)];
    }
}
