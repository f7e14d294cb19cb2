using System.Globalization;
using Pm.Linux;

namespace Pm.Storage;

/// <summary>
/// A process's place for what is not published yet: the directory <c>pending/&lt;name&gt;</c>, beside a lock
/// <c>pending/&lt;name&gt;.lock</c> that the kernel releases when the process dies. The next process that begins one clears away
/// those of the dead; what these wrote under final names and did not publish is replaced when it is written again, or collected.
/// </summary>
sealed class PendingSession : IDisposable
{
    const string LockSuffix = ".lock";

    static long _counter;

    readonly Store _store;
    readonly FileLock _lock;

    PendingSession(Store store, string name, FileLock taken, DirectoryHandle directory)
    {
        _store = store;
        Name = name;
        _lock = taken;
        Directory = directory;
    }

    public string Name { get; }

    public DirectoryHandle Directory { get; }

    public static PendingSession Begin(Store store)
    {
        using var pending = store.Top.OpenOrMakeBeneath(Store.PendingDirectory, Store.DirectoryMode);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}");
        // Whoever sees this name without its lock held takes it for dead, so the lock comes first.
        FileLock? taken;
        while ((taken = TryLock(store, name)) is null)
        {
            name += "x";
        }
        ClearDead(store, pending, name);
        return new PendingSession(store, name, taken, pending.OpenOrMakeBeneath(name, Store.DirectoryMode));
    }

    /// <summary>Removes what killed processes left.</summary>
    public static void ClearDead(Store store)
    {
        using var pending = store.Top.TryOpenBeneath(Store.PendingDirectory);
        if (pending is not null)
        {
            ClearDead(store, pending, except: null);
        }
    }

    public void Dispose()
    {
        Directory.Dispose();
        using (var pending = _store.Top.OpenBeneath(Store.PendingDirectory))
        {
            Clear(pending, Name);
        }
        _lock.Dispose();
    }

    static FileLock? TryLock(Store store, string name) =>
        FileLock.TryExclusive(Path.Join(store.Path, Store.PendingDirectory, name + LockSuffix), "pm");

    static void ClearDead(Store store, DirectoryHandle pending, string? except)
    {
        var names = pending.Entries().Select(e => e.Name).ToList();
        var dead = new Dictionary<string, FileLock>(StringComparer.Ordinal);
        try
        {
            foreach (var name in names.Select(n => n.EndsWith(LockSuffix, StringComparison.Ordinal) ? n[..^LockSuffix.Length] : n).Distinct())
            {
                if (name != except && TryLock(store, name) is { } taken)
                {
                    dead.Add(name, taken);
                }
            }
            foreach (var name in dead.Keys)
            {
                Clear(pending, name);
            }
        }
        finally
        {
            foreach (var taken in dead.Values)
            {
                taken.Dispose();
            }
        }
    }

    /// <summary>Under the session's lock.</summary>
    static void Clear(DirectoryHandle pending, string name)
    {
        TryRemove(pending, name);
        TryRemove(pending, name + LockSuffix);
    }

    static void TryRemove(DirectoryHandle directory, string name)
    {
        try
        {
            directory.RemoveTree(name);
        }
        catch (SystemCallException)
        {
            // Not ours to remove, or a full disk: gc tries again.
        }
    }
}
