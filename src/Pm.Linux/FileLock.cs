using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// An advisory lock on a file that is made for it and stays. Two threads exclude each other as two processes do, and the
/// kernel lets go when the holder ends in whatever way. The file says who took the lock last.
/// </summary>
// flock(2) and not fcntl(2): like “open file description” locks it belongs to the open file, so threads exclude each
// other and closing another descriptor of the file does not let go; unlike those it keeps the process id in /proc/locks
// (they show -1), which is how a message can name the holder of a shared lock.
public sealed partial class FileLock : IDisposable
{
    /// <summary>How often a busy lock is tried again.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    // Nobody else may open it: whoever can may also hold it, and so stop its owner for ever.
    const int DefaultMode = 0x180; // 0600
    const int SharedOperation = 1;
    const int ExclusiveOperation = 2;
    const int NonBlocking = 4;
    const int Unlock = 8;

    readonly SafeFileHandle _file;
    readonly bool _isExclusive;
    readonly string _path;

    FileLock(SafeFileHandle file, string path, bool isExclusive)
    {
        _file = file;
        _path = path;
        _isExclusive = isExclusive;
    }

    /// <summary>Takes the lock beside other shared holders; null when there is an exclusive one.</summary>
    /// <param name="path">The directory must be there.</param>
    /// <param name="holder">The command line, for the message that others get.</param>
    /// <param name="mode">Of the file when it is made.</param>
    /// <exception cref="SystemCallException">The file cannot be opened or made.</exception>
    public static FileLock? TryShared(string path, string holder, int mode = DefaultMode) =>
        Try(path, holder, SharedOperation, mode);

    /// <summary>Takes the lock alone; null when there is another holder.</summary>
    /// <inheritdoc cref="TryShared"/>
    public static FileLock? TryExclusive(string path, string holder, int mode = DefaultMode) =>
        Try(path, holder, ExclusiveOperation, mode);

    /// <summary>As <see cref="TryShared"/>, waiting up to <paramref name="timeout"/>.</summary>
    /// <param name="waiting">Told once who is waited for.</param>
    /// <exception cref="LockBusyException">It was not to be had in time.</exception>
    /// <exception cref="SystemCallException">The file cannot be opened or made.</exception>
    public static FileLock Shared(
        string path, string holder, TimeSpan timeout, TimeProvider time, Action<LockHolder?>? waiting = null,
        CancellationToken cancellation = default) =>
        Wait(path, holder, SharedOperation, timeout, time, waiting, cancellation);

    /// <summary>As <see cref="TryExclusive"/>, waiting up to <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Shared"/>
    public static FileLock Exclusive(
        string path, string holder, TimeSpan timeout, TimeProvider time, Action<LockHolder?>? waiting = null,
        CancellationToken cancellation = default) =>
        Wait(path, holder, ExclusiveOperation, timeout, time, waiting, cancellation);

    /// <summary>Who holds the lock now; null when nobody does that can be seen from here.</summary>
    public static LockHolder? ReadHolder(string path) => LockHolders.Of(path, isBusy: false);

    /// <summary>Lets go. The file stays: were it removed, two processes could hold two locks of one name.</summary>
    public void Dispose()
    {
        if (_file.IsClosed)
        {
            return;
        }
        if (_isExclusive)
        {
            LockHolders.Clear(_file, _path);
        }
        // Closing is not enough: a child that is just being started shares the open file until it runs its program.
        _ = Lock(_file, Unlock);
        _file.Dispose();
    }

    static FileLock Wait(
        string path, string holder, int operation, TimeSpan timeout, TimeProvider time, Action<LockHolder?>? waiting,
        CancellationToken cancellation) =>
        LockWait.For(path, () => Try(path, holder, operation, DefaultMode), () => LockHolders.Of(path, isBusy: true), timeout, time, waiting, cancellation);

    static FileLock? Try(string path, string holder, int operation, int mode)
    {
        while (true)
        {
            var file = OpenLockFile(path, mode, out var isWritable);
            if (!TryLock(file, operation, path))
            {
                file.Dispose();
                return null;
            }
            if (FileStatus.OfLink(path) is { } named && named.IsSameFile(OpenFile.Status(file, path)))
            {
                if (isWritable)
                {
                    LockHolders.Write(file, path, holder);
                }
                return new FileLock(file, path, operation == ExclusiveOperation);
            }
            // Somebody removed the file between its opening and its locking; a lock on it would exclude nobody.
            file.Dispose();
        }
    }

    static SafeFileHandle OpenLockFile(string path, int mode, out bool isWritable)
    {
        isWritable = true;
        var parent = Path.GetDirectoryName(path);
        using var directory = DirectoryHandle.Open(string.IsNullOrEmpty(parent) ? "." : parent);
        var name = Path.GetFileName(path);
        try
        {
            return directory.Status(name) is null ? directory.OpenAppend(name, mode) : directory.OpenWrite(name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.EROFS or Errno.EPERM
            && directory.Status(name) is not null)
        {
            // flock(2) asks for no particular access.
            isWritable = false;
            return directory.OpenRead(name);
        }
    }

    static bool TryLock(SafeFileHandle file, int operation, string path)
    {
        while (Lock(file, operation | NonBlocking) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return false;
                default:
                    var failure = SystemCallException.Last("flock", path);
                    file.Dispose();
                    throw failure;
            }
        }
        return true;
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);
}
