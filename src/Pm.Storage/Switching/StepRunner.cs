using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>Carries out steps on a prefix root, or in the new tree of an application root.</summary>
sealed class StepRunner
{
    /// <summary>Below so many files or directories a second thread costs more than it gives.</summary>
    internal const int ParallelFrom = 300;

    readonly DirectoryHandle _top;
    readonly Store _store;
    readonly int _generation;
    readonly IReadOnlyList<Operation> _operations;
    readonly FileSystems _fileSystems;

    /// <param name="top">What the paths of the steps are relative to; not disposed.</param>
    public StepRunner(
        DirectoryHandle top, Store store, int generation, IReadOnlyList<Operation> operations, FileSystems fileSystems)
    {
        _top = top;
        _store = store;
        _generation = generation;
        _operations = operations;
        _fileSystems = fileSystems;
    }

    public void Run(CancellationToken cancellation)
    {
        if (_operations.Count >= ParallelFrom)
        {
            _store.ExpectMany();
        }
        for (var at = 0; at < _operations.Count;)
        {
            var end = at + 1;
            while (end < _operations.Count && _operations[end].GetType() == _operations[at].GetType())
            {
                end++;
            }
            RunAlike([.. _operations.Skip(at).Take(end - at)], cancellation);
            at = end;
        }
    }

    void RunAlike(Operation[] operations, CancellationToken cancellation)
    {
        switch (operations[0])
        {
            case Operation.Add when operations.Length >= ParallelFrom:
                RunInTwo(operations, cancellation);
                break;
            case Operation.MakeDirectory when operations.Length >= ParallelFrom:
                // Directories of one depth are independent of each other, once those above are there.
                foreach (var level in operations.GroupBy(o => o.Path.AsSpan().Count('/')).OrderBy(g => g.Key))
                {
                    RunInTwo([.. level], cancellation);
                }
                break;
            default:
                Do(operations, cancellation);
                break;
        }
    }

    /// <summary>Operations that are independent of each other.</summary>
    void RunInTwo(Operation[] operations, CancellationToken cancellation)
    {
        var middle = operations.Length / 2;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = Task.Run(() => DoOrStop(operations[..middle], stop), CancellationToken.None);
        var second = Failure(() => DoOrStop(operations[middle..], stop));
        // Nothing may be undone while the other half is still being done.
        var firstFailure = Failure(() => first.GetAwaiter().GetResult());
        var failure = firstFailure is null or OperationCanceledException ? second ?? firstFailure : firstFailure;
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    static Exception? Failure(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or StoreException or OperationCanceledException)
        {
            return e;
        }
    }

    void DoOrStop(Operation[] operations, CancellationTokenSource stop)
    {
        try
        {
            Do(operations, stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    void Do(Operation[] operations, CancellationToken cancellation)
    {
        using var cursor = new DirectoryCursor(_top, _fileSystems);
        var placer = new Placer(_store);
        foreach (var operation in operations)
        {
            cancellation.ThrowIfCancellationRequested();
            Do(operation, cursor, placer);
        }
    }

    void Do(Operation operation, DirectoryCursor cursor, Placer placer)
    {
        if (operation is Operation.RemoveDirectory)
        {
            return;
        }
        var directory = cursor.AtParentOf(operation.Path);
        var name = DiskView.NameOf(operation.Path);
        switch (operation)
        {
            case Operation.Add add:
                placer.PutNew(directory, add.Entry, Beside(add));
                break;
            case Operation.Replace replace:
                placer.PutBeside(directory, replace.Entry, Beside(replace));
                Exchange(directory, Beside(replace), name, TemporaryName.OldOf(_generation, replace.Sequence));
                RequireUnchanged(replace.Path, replace.Seen, directory.Status(Beside(replace)));
                break;
            case Operation.MoveAway away:
                Placer.RenameNew(directory, name, Beside(away));
                RequireUnchanged(away.Path, away.Seen, directory.Status(Beside(away)));
                break;
            case Operation.MakeDirectory make:
                directory.MakeDirectory(name, make.Mode);
                Ownership.Apply(directory, name, make.Directory?.Owner, make.Directory?.Group);
                break;
            case Operation.SetMode mode:
                directory.SetMode(name, mode.NewMode);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    string Beside(Operation operation) => TemporaryName.Of(_generation, operation.Sequence);

    static void Exchange(DirectoryHandle directory, string beside, string name, string old)
    {
        try
        {
            directory.Rename(beside, directory, name, RenameMode.Exchange);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP)
        {
            // No RENAME_EXCHANGE here (NFS, old FUSE): for an instant nothing has the name.
            directory.Rename(name, directory, old);
            directory.Rename(beside, directory, name);
            directory.Rename(old, directory, beside);
        }
    }

    /// <summary>Between the plan and now a person may have been asked; what was edited meanwhile must not be thrown away.</summary>
    static void RequireUnchanged(string path, FileStatus? seen, FileStatus? now)
    {
        if (seen is { } before
            && (now is not { } after || !after.IsSameFile(before) || after.Modified != before.Modified || after.Size != before.Size))
        {
            throw new StoreException("PM4015", $"`{path}` was changed by somebody after the change was planned");
        }
    }
}
