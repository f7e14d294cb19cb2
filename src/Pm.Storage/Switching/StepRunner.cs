using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>Carries out steps on a prefix root, or in the new tree of an application root.</summary>
sealed class StepRunner
{
    /// <summary>Below so many files a second thread costs more than it gives.</summary>
    const int ParallelFrom = 2000;

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
        var operations = _operations;
        var at = 0;
        while (at < operations.Count)
        {
            var end = at;
            while (end < operations.Count && operations[end] is Operation.Add == operations[at] is Operation.Add)
            {
                end++;
            }
            if (end - at >= ParallelFrom && operations[at] is Operation.Add)
            {
                RunInTwo(at, end, cancellation);
            }
            else
            {
                Run(at, end, cancellation);
            }
            at = end;
        }
    }

    /// <summary>Additions are independent of each other: all their directories are there.</summary>
    void RunInTwo(int start, int end, CancellationToken cancellation)
    {
        var middle = start + ((end - start) / 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = Task.Run(() => RunOrStop(start, middle, stop), CancellationToken.None);
        var second = Failure(() => RunOrStop(middle, end, stop));
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

    void RunOrStop(int start, int end, CancellationTokenSource stop)
    {
        try
        {
            Run(start, end, stop.Token);
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    void Run(int start, int end, CancellationToken cancellation)
    {
        using var cursor = new DirectoryCursor(_top, _fileSystems);
        var placer = new Placer(_store);
        for (var i = start; i < end; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Do(_operations[i], cursor, placer);
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
