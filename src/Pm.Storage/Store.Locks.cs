using Pm.Linux;

namespace Pm.Storage;

/// <content>The lock: whoever adds holds a share, whoever collects holds it alone.</content>
public sealed partial class Store
{
    /// <summary>Keeps garbage collection away while blobs are fetched or used.</summary>
    /// <exception cref="LockBusyException">A collection did not end in time.</exception>
    public FileLock Share(WriterOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return FileLock.Shared(LockPath, options.Holder, options.LockTimeout, options.Time, options.Waiting, cancellation);
    }

    /// <summary>
    /// For putting a blob in the place of one that is not published, or taking such a one away: between the look and the deed
    /// another process must not do the same. Held for moments only.
    /// </summary>
    internal FileLock LockNames() => FileLock.Exclusive(
        System.IO.Path.Join(Path, NamesLockFile), "pm", Timeout.InfiniteTimeSpan, TimeProvider.System);

    /// <summary>Keeps everybody else away.</summary>
    /// <exception cref="LockBusyException">Another pm did not end in time.</exception>
    internal FileLock LockAlone(WriterOptions options, CancellationToken cancellation) =>
        FileLock.Exclusive(LockPath, options.Holder, options.LockTimeout, options.Time, options.Waiting, cancellation);
}
