using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Sources;
using Pm.Storage;

namespace Pm.Stages.Projects;

/// <summary>
/// Writes what a lockfile names below a directory of its project: the new state is made beside the old and takes its place by one rename, so that the old or the
/// new is there, whole. Only what pm wrote is replaced or removed.
/// </summary>
/// <param name="project">Whose.</param>
/// <param name="relative">The directory, below the project.</param>
/// <param name="cache">Where sources are kept.</param>
public sealed class VendorWriter(Project project, string relative, SourceCache cache)
{
    const int DirectoryMode = 0b111_101_101;
    const int FileMode = 0b110_100_100;
    const int MostNamed = 5;
    const string Attributes = ".gitattributes";

    readonly VendorDirectory? _old = VendorDirectory.TryOpen(project.Directory, relative);

    /// <summary>What would have to be done. Nothing is written.</summary>
    /// <exception cref="StageException">PM7241: something lies there that pm did not write; PM7242: something was edited; PM7244: a source is locked without its tree.</exception>
    public async Task<VendorPlan> PlanAsync(Lockfile file, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        RequireOurs();
        foreach (var item in _old?.List.Items.Where(_old.IsThere) ?? [])
        {
            _old!.RequireUnedited(item, cache.EntryLimit, cancellation);
        }

        ImmutableArray<VendoredItem> old = _old?.List.Items ?? [];
        var found = new List<VendoredItem>();
        foreach (var package in file.Packages)
        {
            if (await WantedOfAsync(package, cancellation) is { } item)
            {
                found.Add(item);
            }
        }

        var wanted = found.DistinctBy(KeyOf)
            .Select(w => old.FirstOrDefault(o => KeyOf(o) == KeyOf(w)) ?? w).ToImmutableArray();
        var keys = wanted.Select(KeyOf).ToHashSet();
        return new VendorPlan(
            wanted,
            [.. wanted.Where(w => !old.Contains(w) || !_old!.IsThere(w))],
            [.. old.Where(o => !keys.Contains(KeyOf(o)))]);
    }

    /// <summary>Does it.</summary>
    /// <param name="plan">Of the same lockfile.</param>
    /// <param name="sources">What is built here, checked out.</param>
    /// <param name="store">Holds the packages.</param>
    /// <param name="scratch">Directory for files without a name.</param>
    /// <param name="cancellation">Ends it; what was there before stays.</param>
    /// <exception cref="StageException">PM7203: a source is not what is locked; PM7244: something cannot be written down.</exception>
    public void Write(VendorPlan plan, IReadOnlyDictionary<PackageName, SourcePackage> sources, Store store, string scratch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var top = DirectoryHandle.Open(project.Directory);
        var (folder, name) = (Path.GetDirectoryName(relative), Path.GetFileName(relative));
        using var below = string.IsNullOrEmpty(folder) ? null : top.OpenOrMakeBeneath(folder, DirectoryMode);
        var parent = below ?? top;
        DurableFile.ClearLeft(parent, isAlone: false);
        var temporary = DurableFile.TemporaryName();
        parent.MakeDirectory(temporary, DirectoryMode);
        try
        {
            using (var place = parent.OpenBeneath(temporary))
            {
                Fill(place, plan, sources, store, scratch, cancellation);
                place.SyncFileSystem();
            }

            Replace(parent, temporary, name);
        }
        finally
        {
            parent.RemoveTree(temporary);
        }
    }

    static (PackageId, MerkleRoot?, string?) KeyOf(VendoredItem item) => (item.Id, item.Hash, item.Tree);

    /// <summary>What can be said before anything is looked at.</summary>
    /// <exception cref="StageException">PM7241: something lies there that pm did not write.</exception>
    public void RequireOurs()
    {
        using var top = DirectoryHandle.Open(project.Directory);
        using var directory = top.TryOpenBeneath(relative);
        HashSet<string> ours = _old is null ? [] : [.. _old.List.Items.Select(_old.List.EntryOf), VendorList.Name, Attributes];
        var foreign = directory?.Entries().Select(e => e.Name).Where(n => !ours.Contains(n) && !n.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList() ?? [];
        if (foreign.Count > 0)
        {
            var more = foreign.Count > MostNamed ? $" and {foreign.Count - MostNamed} more" : "";
            throw new StageException(
                "PM7241", $"{relative} holds what `pm vendor` did not write: {string.Join(", ", foreign.Take(MostNamed).Select(PathText.Show))}{more}",
                _old is null ? "name a directory that is empty, or not there" : "move it elsewhere: what lies there is replaced as a whole");
        }
    }

    /// <summary>Null: it lies in the project already.</summary>
    async Task<VendoredItem?> WantedOfAsync(LockedPackage package, CancellationToken cancellation) => package.Source switch
    {
        RemoteSource => new VendoredItem { Id = package.Id, Hash = package.Hash },
        PathSource path when IsInside(path) => null,
        PathSource path => new VendoredItem { Id = package.Id, Tree = await TreeOfAsync(package, path, cancellation) },
        _ => new VendoredItem
        {
            Id = package.Id,
            Tree = package.SourceTree ?? throw new StageException("PM7244", $"{package.Id} is locked without the hash of its source", $"`pm update {package.Id.Name}` looks it up"),
        },
    };

    bool IsInside(PathSource path) => Path.GetRelativePath(project.Directory, Path.GetFullPath(path.Path, project.Directory)) is var below
        && below != ".." && !below.StartsWith("../", StringComparison.Ordinal);

    /// <summary>Of a path no lockfile says what it is: what lies there now, and where that is gone what was vendored.</summary>
    async Task<string> TreeOfAsync(LockedPackage package, PathSource path, CancellationToken cancellation) =>
        !cache.IsHere(path, project.Directory, null) && _old?.List.Find(package.Id, null) is { Tree: { } vendored } ? vendored
        : (await cache.OfPathAsync(path, project.Directory, cancellation)).Tree;

    void Fill(DirectoryHandle place, VendorPlan plan, IReadOnlyDictionary<PackageName, SourcePackage> sources, Store store, string scratch, CancellationToken cancellation)
    {
        var names = new VendorList(plan.Wanted);
        var items = new List<VendoredItem>();
        foreach (var item in plan.Wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            if (item.Hash is { } hash)
            {
                WritePackage(place, names.EntryOf(item), item, hash, store, scratch);
                items.Add(item);
            }
            else
            {
                items.Add(WriteSource(place, names.EntryOf(item), item, sources[item.Id.Name], cancellation));
            }
        }

        var list = new VendorList(items).ToBytes();
        RequireReadable(list);
        DurableFile.Replace(place, VendorList.Name, list);
        DurableFile.Replace(place, Attributes, "# What lies here is known by its bytes.\n* -text -ident -filter\n"u8);
    }

    VendoredItem WriteSource(DirectoryHandle place, string entry, VendoredItem item, SourcePackage source, CancellationToken cancellation)
    {
        place.MakeDirectory(entry, DirectoryMode);
        using (var from = DirectoryHandle.Open(source.Checkout.Directory))
        using (var to = place.OpenBeneath(entry))
        {
            TreeCopy.Copy(from, to, source.Source is GitSource ? static _ => false : static name => name is ".git" or ".pm", cancellation);
        }

        var directory = Path.Join(place.Path, entry);
        var known = item.Unusual.Select(UnusualEntry.TryParse).OfType<UnusualEntry>().ToList();
        var unusual = source.Source is GitSource git
            ? known.Count > 0 || GitTree.Of(directory, item.Tree!.Length, [], cancellation) == item.Tree ? known : cache.Unusual(git, source.Checkout.Commit!, item.Tree!, cancellation)
            : [.. known.Union(SourceTree.Read(directory, cache.EntryLimit, cancellation).EmptyDirectories.Select(path => new UnusualEntry(GitTree.TreeMode, null, path)))];
        var actual = SourceIdentity.Of(directory, item.Tree!, [.. unusual], cache.EntryLimit, cancellation);
        return actual == item.Tree
            ? item with { Unusual = [.. unusual.Select(u => u.ToString()).Order(StringComparer.Ordinal)] }
            : throw SourceFault.Differs($"{item.Id} from {source.Checkout.Directory}", "tree", item.Tree!, actual);
    }

    /// <summary>What was written before is taken as it is; else the file is made of what the store holds.</summary>
    void WritePackage(DirectoryHandle place, string entry, VendoredItem item, MerkleRoot hash, Store store, string scratch)
    {
        if (_old?.List.Items.Contains(item) is true && _old.IsThere(item) && TryLink(place, entry, _old.PathOf(item)))
        {
            return;
        }

        using var file = place.CreateFile(entry, FileMode);
        using var stream = new BufferedStream(FileWriting.Stream(file), 1 << 17);
        PackageFile.Write(store, hash, stream, scratch);
        stream.Flush();
    }

    static bool TryLink(DirectoryHandle place, string entry, string path)
    {
        try
        {
            using var folder = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
            place.Link(folder, Path.GetFileName(path), entry);
            return true;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }

    /// <summary>Names that no text can hold are found here, and not by who wants to use them.</summary>
    static void RequireReadable(byte[] list)
    {
        try
        {
            foreach (var unusual in VendorList.Parse(list, VendorList.Name).Items.SelectMany(i => i.Unusual))
            {
                if (UnusualEntry.TryParse(unusual) is null)
                {
                    throw new StageException("PM7244", $"the name `{PathText.Show(unusual)}` of a directory cannot be written down");
                }
            }
        }
        catch (PackageFormatException e)
        {
            throw new StageException("PM7244", $"a source has names that cannot be written down: {e.Message}");
        }
    }

    static void Replace(DirectoryHandle parent, string temporary, string name)
    {
        var isThere = parent.Status(name) is not null;
        try
        {
            parent.Rename(temporary, parent, name, isThere ? RenameMode.Exchange : RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (isThere && e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            // This file system exchanges nothing: for a moment there is none.
            parent.RemoveTree(name);
            parent.Rename(temporary, parent, name);
        }

        parent.Sync();
    }
}
