using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>The calls that make things durable. Only an interruption is repeated: any other failure is final.</summary>
static partial class SyncCall
{
    public static void File(SafeHandle file, string? path)
    {
        while (!WriteDoor.Admits("fsync", file, path) || Sync(file) != 0)
        {
            ThrowUnlessInterrupted("fsync", file, path);
        }
    }

    public static void Content(SafeHandle file, string? path)
    {
        while (!WriteDoor.Admits("fdatasync", file, path) || SyncContent(file) != 0)
        {
            ThrowUnlessInterrupted("fdatasync", file, path);
        }
    }

    public static void FileSystem(SafeHandle file, string? path)
    {
        while (!WriteDoor.Admits("syncfs", file, path) || SyncFileSystem(file) != 0)
        {
            ThrowUnlessInterrupted("syncfs", file, path);
        }
    }

    static void ThrowUnlessInterrupted(string call, SafeHandle file, string? path)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EINTR)
        {
            throw new SystemCallException(call, errno, path ?? OpenFile.PathOf(file));
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncContent(SafeHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeHandle file);
}
