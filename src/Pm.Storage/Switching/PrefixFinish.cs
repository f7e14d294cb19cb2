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
        using (var cursor = new DirectoryCursor(top, new FileSystems(top)))
        {
            foreach (var content in away.Contents)
            {
                var path = content.TrimEnd('/');
                if (cursor.TryAtParentOf(path) is not { } inner)
                {
                    continue;
                }
                Remove(inner, DiskView.NameOf(path), content.EndsWith('/'));
            }
        }
        if (!RemoveIfEmpty(directory, beside))
        {
            _leftovers.Keep(directory, beside, away.Path);
        }
    }

    static void Remove(DirectoryHandle directory, string name, bool isDirectory)
    {
        switch (directory.Status(name))
        {
            case { IsDirectory: true } when isDirectory:
                RemoveIfEmpty(directory, name);
                break;
            case { IsSymbolicLink: true } when !isDirectory:
                directory.Unlink(name);
                break;
            case { IsRegular: true } status when !isDirectory && status.Modified == Store.BlobTime:
                directory.Unlink(name);
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
