using Pm.Linux;

namespace Pm.Storage;

/// <summary>
/// The right to change a root: holds its lock alone and a share of its store's, and has mended what an interrupted change
/// left. Locks end with the process that holds them, however it ends.
/// </summary>
public sealed class RootWriter : IDisposable
{
    readonly FileLock _rootLock;
    readonly FileLock _storeLock;

    RootWriter(Root root, Store store, FileLock rootLock, FileLock storeLock)
    {
        Root = root;
        Store = store;
        _rootLock = rootLock;
        _storeLock = storeLock;
    }

    /// <summary>Not disposed by the writer.</summary>
    public Root Root { get; }

    /// <summary>Not disposed by the writer.</summary>
    public Store Store { get; }

    /// <summary>What was mended on the way in; null when nothing was amiss.</summary>
    public RecoveryReport? Recovered { get; private set; }

    /// <summary>Waits for the locks, then mends.</summary>
    /// <exception cref="LockBusyException">Another pm did not end in time; it is named.</exception>
    /// <exception cref="StoreException">What an interrupted change left cannot be mended.</exception>
    /// <exception cref="SystemCallException">A lock cannot be taken: a read-only disk, another user's root.</exception>
    public static RootWriter Open(Root root, Store store, WriterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        // Always the root before the store; gc, which takes the store first, never waits for a root.
        var rootLock = FileLock.Exclusive(
            root.LockPath, options.Holder, options.LockTimeout, options.Time, options.Waiting, cancellation);
        FileLock? storeLock = null;
        try
        {
            storeLock = store.Share(options, cancellation);
            var writer = new RootWriter(root, store, rootLock, storeLock);
            writer.Recovered = Recovery.Run(writer);
            return writer;
        }
        catch
        {
            storeLock?.Dispose();
            rootLock.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _storeLock.Dispose();
        _rootLock.Dispose();
    }
}
