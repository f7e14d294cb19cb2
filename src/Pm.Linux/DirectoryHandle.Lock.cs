using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Having a directory for oneself.</content>
public sealed partial class DirectoryHandle
{
    const int ExclusiveAtOnce = 2 | 4; // LOCK_EX | LOCK_NB

    const int Release = 8; // LOCK_UN

    bool _isLocked;

    /// <summary>Takes the directory alone, until it is closed or the process ends; false: another has it.</summary>
    /// <remarks>It binds only those who ask the same. Source: flock(2).</remarks>
    /// <exception cref="SystemCallException">The file system knows no locks.</exception>
    public bool TryLock()
    {
        int result;
        do
        {
            result = LockFile(this, ExclusiveAtOnce);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        _isLocked |= result == 0;
        return result == 0
            || (Marshal.GetLastPInvokeError() == Errno.EAGAIN ? false : throw SystemCallException.Last("flock", Path));
    }

    /// <summary>As <see cref="TryLock"/>; waits up to <paramref name="timeout"/> while another has it.</summary>
    /// <param name="timeout">It is tried at least once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waiting">Told once who is waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LockBusyException">It was not to be had in time; who has it is named.</exception>
    /// <exception cref="SystemCallException">The file system knows no locks.</exception>
    public void Lock(TimeSpan timeout, TimeProvider time, Action<LockHolder?>? waiting = null, CancellationToken cancellation = default) =>
        LockWait.For(Path, () => TryLock() ? this : null, () => LockHolders.Of(Status()), timeout, time, waiting, cancellation);

    void Unlock()
    {
        if (_isLocked)
        {
            // Closing is not enough: a child that is just being started shares the open directory until it runs its program.
            _ = LockFile((int)handle, Release);
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockFile(DirectoryHandle directory, int operation);

    // A handle that is being closed cannot be given to a call any more.
    [LibraryImport("libc", EntryPoint = "flock")]
    private static partial int LockFile(int descriptor, int operation);
}
