using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Having a directory for oneself.</content>
public sealed partial class DirectoryHandle
{
    const int Exclusive = 2; // LOCK_EX

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

    /// <summary>As <see cref="TryLock"/>; waits while another has it.</summary>
    /// <exception cref="SystemCallException">The file system knows no locks.</exception>
    public void Lock()
    {
        while (LockFile(this, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not Errno.EINTR)
            {
                throw SystemCallException.Last("flock", Path);
            }
        }

        _isLocked = true;
    }

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
