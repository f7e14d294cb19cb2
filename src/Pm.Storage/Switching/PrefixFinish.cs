using Pm.Linux;
using Pm.Storage.Journals;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>
/// What is left to do once the new generation is committed: throwing away what waits beside. It may be done again from the
/// start at any time.
/// </summary>
sealed class PrefixFinish
{
    readonly Journal _journal;
    readonly Root _root;
    readonly FileSystems _fileSystems;
    readonly Leftovers _leftovers;

    public PrefixFinish(Root root, Journal journal, FileSystems fileSystems, Leftovers leftovers)
    {
        _journal = journal;
        _root = root;
        _fileSystems = fileSystems;
        _leftovers = leftovers;
    }

    /// <summary>Whether there was anything to throw away, which then is to be synced.</summary>
    public bool Run()
    {
        using var cursor = new DirectoryCursor(_root.Top, _fileSystems);
        var hasWork = false;
        foreach (var operation in _journal.Operations)
        {
            if (operation is Operation.Replace or Operation.MoveAway or Operation.RemoveDirectory)
            {
                hasWork = true;
                if (cursor.TryAtParentOf(operation.Path) is { } directory)
                {
                    Finish(operation, directory);
                }
            }
        }
        return hasWork;
    }

    void Finish(Operation operation, DirectoryHandle directory)
    {
        switch (operation)
        {
            case Operation.Replace replace:
                Drop(directory, Beside(replace), replace.SavedAs);
                break;
            case Operation.MoveAway { Contents.IsEmpty: true } away:
                Drop(directory, Beside(away), away.SavedAs);
                break;
            case Operation.MoveAway away:
                Empty(away, directory);
                break;
            case Operation.RemoveDirectory remove:
                RemoveIfEmpty(directory, DiskView.NameOf(remove.Path));
                break;
        }
    }

    static void Drop(DirectoryHandle directory, string beside, string? savedAs)
    {
        switch (directory.Status(beside))
        {
            case null:
                break;
            case { IsDirectory: true }:
                RemoveIfEmpty(directory, beside);
                break;
            case not null when savedAs is null:
                directory.Unlink(beside);
                break;
            default:
                Save(directory, beside, DiskView.NameOf(savedAs));
                break;
        }
    }

    /// <summary>The name was free when it was planned; if somebody took it since, the next one is.</summary>
    static void Save(DirectoryHandle directory, string beside, string name)
    {
        for (var free = name; ; free += "~")
        {
            try
            {
                Placer.RenameNew(directory, beside, free);
                return;
            }
            catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
            {
            }
        }
    }

    /// <summary>Only what was seen when it was planned is removed, and only while it is still the store's.</summary>
    void Empty(Operation.MoveAway away, DirectoryHandle directory)
    {
        var beside = Beside(away);
        using var top = directory.TryOpenBeneath(beside);
        if (top is null)
        {
            return;
        }
        Empty(top, away.Contents);
        if (!RemoveIfEmpty(directory, beside))
        {
            _leftovers.Keep(directory, beside, away.Path);
        }
    }

    /// <summary>
    /// Subtree by subtree, each by one thread: the kernel removes directories one at a time, so that another thread had best be
    /// at files meanwhile.
    /// </summary>
    static void Empty(DirectoryHandle top, IReadOnlyList<string> contents)
    {
        var threads = contents.Count < StepRunner.ParallelFrom ? 1 : Environment.ProcessorCount;
        var (subtrees, above) = Share(contents, threads == 1 ? 1 : DepthToShare(contents));
        Crew.Run(subtrees.Count, threads, i => Remove(top, subtrees[i]));
        Remove(top, above);
    }

    /// <summary>How far down there are enough subtrees for several threads to be busy to the end.</summary>
    static int DepthToShare(IReadOnlyList<string> contents)
    {
        const int Enough = 32;
        const int Deepest = 6;
        var perDepth = contents.Where(c => c.EndsWith('/')).CountBy(c => c.AsSpan().Count('/')).ToDictionary();
        var depth = 1;
        while (depth < Deepest && perDepth.GetValueOrDefault(depth) < Enough && perDepth.ContainsKey(depth + 1))
        {
            depth++;
        }
        return depth;
    }

    /// <summary>Cuts a list, in which all of a directory comes before it without anything in between, into what is below one of that depth, and what is above.</summary>
    static (List<ArraySegment<string>> Subtrees, List<string> Above) Share(IReadOnlyList<string> contents, int depth)
    {
        var all = contents.ToArray();
        var (subtrees, above) = (new List<ArraySegment<string>>(), new List<string>());
        for (var at = 0; at < all.Length;)
        {
            var length = PrefixLength(all[at], depth);
            if (length == 0)
            {
                above.Add(all[at++]);
                continue;
            }
            var end = at + 1;
            while (end < all.Length && PrefixLength(all[end], depth) == length && all[end].AsSpan(0, length).SequenceEqual(all[at].AsSpan(0, length)))
            {
                end++;
            }
            subtrees.Add(new ArraySegment<string>(all, at, end - at));
            at = end;
        }
        return (subtrees, above);
    }

    /// <summary>How long the first <paramref name="depth"/> names of a path are; 0 when it has fewer.</summary>
    static int PrefixLength(string path, int depth)
    {
        var end = -1;
        for (; depth > 0; depth--)
        {
            end = path.IndexOf('/', end + 1);
            if (end < 0)
            {
                // What ends in a "/" has one name fewer: a directory above those that are shared out, which goes after them.
                return depth == 1 && path[^1] != '/' ? path.Length : 0;
            }
        }
        return end;
    }

    /// <param name="top">What the paths are relative to.</param>
    /// <param name="contents">Children before their directories, which end in a "/".</param>
    static void Remove(DirectoryHandle top, IEnumerable<string> contents)
    {
        using var way = new DirectoryWay(top);
        foreach (var content in contents)
        {
            var path = content.TrimEnd('/');
            Remove(way.At(DiskView.ParentOf(path)), DiskView.NameOf(path), content.EndsWith('/'));
        }
    }

    static void Remove(DirectoryHandle? directory, string name, bool isDirectory)
    {
        switch (directory?.Status(name))
        {
            case { IsDirectory: true } when isDirectory:
                RemoveIfEmpty(directory!, name);
                break;
            case { IsSymbolicLink: true } when !isDirectory:
                directory!.Unlink(name);
                break;
            case { IsRegular: true } status when !isDirectory && status.Modified == Store.BlobTime:
                directory!.Unlink(name);
                break;
        }
    }

    static bool RemoveIfEmpty(DirectoryHandle directory, string name)
    {
        try
        {
            directory.RemoveDirectory(name);
            return true;
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
            return true;
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTEMPTY or Errno.EEXIST or Errno.EBUSY or Errno.ENOTDIR)
        {
            return false;
        }
    }

    string Beside(Operation operation) => TemporaryName.Of(_journal.To, operation.Sequence);
}
