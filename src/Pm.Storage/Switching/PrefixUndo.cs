using Pm.Linux;
using Pm.Storage.Journals;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>
/// Undoes the steps of a journal in reverse, however far they came: each looks at what is there. Doing it twice, or again
/// after it was interrupted itself, gives the same. Nothing is removed that pm did not put there.
/// </summary>
sealed class PrefixUndo
{
    readonly Root _root;
    readonly Journal _journal;
    readonly FileSystems _fileSystems;
    readonly FileIdentity _identity;
    readonly Leftovers _leftovers;

    public PrefixUndo(Root root, Store store, Journal journal, FileSystems fileSystems, Leftovers leftovers)
    {
        _root = root;
        _journal = journal;
        _fileSystems = fileSystems;
        _identity = new FileIdentity(store);
        _leftovers = leftovers;
    }

    public void Run()
    {
        using var cursor = new DirectoryCursor(_root.Top, _fileSystems);
        for (var i = _journal.Operations.Count - 1; i >= 0; i--)
        {
            var operation = _journal.Operations[i];
            if (operation is not Operation.RemoveDirectory && cursor.TryAtParentOf(operation.Path) is { } directory)
            {
                Undo(operation, directory, DiskView.NameOf(operation.Path));
            }
        }
        _root.Top.Sync();
    }

    void Undo(Operation operation, DirectoryHandle directory, string name)
    {
        switch (operation)
        {
            case Operation.Add add:
                UndoAdd(add, directory, name);
                break;
            case Operation.Replace replace:
                UndoReplace(replace, directory, name);
                break;
            case Operation.MoveAway away:
                UndoMoveAway(away, directory, name);
                break;
            case Operation.MakeDirectory:
                UndoMakeDirectory(operation.Path, directory, name);
                break;
            case Operation.SetMode mode when directory.Status(name) is { IsDirectory: true }:
                directory.SetMode(name, mode.OldMode);
                break;
        }
    }

    void UndoAdd(Operation.Add add, DirectoryHandle directory, string name)
    {
        RemoveIfThere(directory, Beside(add));
        if (directory.Status(name) is not { } status)
        {
            return;
        }
        if (_identity.IsOurs(directory, name, status, add.Entry))
        {
            directory.Unlink(name);
        }
        else
        {
            _leftovers.Report(add.Path, "left: somebody changed it");
        }
    }

    void UndoReplace(Operation.Replace replace, DirectoryHandle directory, string name)
    {
        FinishExchange(replace, directory, name);
        var beside = Beside(replace);
        if (directory.Status(beside) is not { } waiting)
        {
            return;
        }
        var there = directory.Status(name);
        if (there?.Inode == replace.OldInode)
        {
            // Not exchanged yet: what waits beside is ours, whole or in part.
            directory.Unlink(beside);
        }
        else if (there is null || _identity.IsOurs(directory, name, there.Value, replace.Entry))
        {
            directory.Rename(beside, directory, name);
        }
        else if (waiting.Inode == replace.OldInode || !_identity.IsOurs(directory, beside, waiting, replace.Entry))
        {
            _leftovers.Keep(directory, beside, replace.Path);
        }
        else
        {
            directory.Unlink(beside);
        }
    }

    /// <summary>Where exchanging took three renames: brings the old file back to where the other cases look for it.</summary>
    void FinishExchange(Operation.Replace replace, DirectoryHandle directory, string name)
    {
        var old = TemporaryName.OldOf(_journal.To, replace.Sequence);
        if (directory.Status(old) is null)
        {
            return;
        }
        if (directory.Status(name) is null)
        {
            directory.Rename(old, directory, name);
        }
        else
        {
            directory.Rename(old, directory, Beside(replace));
        }
    }

    void UndoMoveAway(Operation.MoveAway away, DirectoryHandle directory, string name)
    {
        if (directory.Status(Beside(away)) is null)
        {
            return;
        }
        if (directory.Status(name) is null)
        {
            Placer.RenameNew(directory, Beside(away), name);
        }
        else
        {
            _leftovers.Keep(directory, Beside(away), away.Path);
        }
    }

    void UndoMakeDirectory(string path, DirectoryHandle directory, string name)
    {
        try
        {
            directory.RemoveDirectory(name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR)
        {
            _leftovers.Report(path, "left: somebody put something into it");
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
        }
    }

    string Beside(Operation operation) => TemporaryName.Of(_journal.To, operation.Sequence);

    static void RemoveIfThere(DirectoryHandle directory, string name)
    {
        if (directory.Status(name) is not null)
        {
            directory.Unlink(name);
        }
    }
}
