using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Having a directory for oneself.</content>
public sealed partial class DirectoryHandle
{
    const int ExclusiveAtOnce = 2 | 4; // LOCK_EX | LOCK_NB

    const int Release = 8; // LOCK_UN

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
        return result == 0
            || (Marshal.GetLastPInvokeError() == Errno.EAGAIN ? false : throw SystemCallException.Last("flock", Path));
    }

    /// <summary>Gives the directory back now. Closing it does that, too, but not while a child that was started meanwhile still has the descriptor, which it closes when it becomes its program.</summary>
    public void Unlock() => _ = LockFile(this, Release);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockFile(DirectoryHandle directory, int operation);
}
