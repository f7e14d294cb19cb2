using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>The table of this process's open files.</summary>
/// <remarks>
/// It has room for 64 at first and is doubled when it is full. Where a process has several threads, the one that needs the room then
/// waits until no processor looks at the old table any more, some ten milliseconds each time, and so does every other thread that
/// opens something. Source: Linux, fs/file.c, expand_fdtable (synchronize_rcu).
/// </remarks>
public static partial class DescriptorTable
{
    /// <summary>For so many open files there is room afterwards: 256 directories of blobs and what else a command has open.</summary>
    public const int Room = 512;

    const int DuplicateAbove = 1030; // F_DUPFD_CLOEXEC

    static int _isAsked;

    /// <summary>
    /// Makes room for <see cref="Room"/> open files while others work on, once a process. Where it cannot be made, nothing changes:
    /// the table grows when it has to.
    /// </summary>
    /// <param name="file">Any open file; it stays as it is.</param>
    public static void GrowBehind(SafeHandle file)
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(Grow, file, preferLocal: false);
        }
    }

    static void Grow(SafeHandle file)
    {
        try
        {
            if (Control(file, DuplicateAbove, Room - 1) is var copy and >= 0)
            {
                _ = Close(copy);
            }
        }
        catch (ObjectDisposedException)
        {
            // The command ended meanwhile.
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
