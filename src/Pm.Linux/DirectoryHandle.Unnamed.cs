using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <content>Files that never have a name.</content>
public sealed partial class DirectoryHandle
{
    /// <summary>Makes a file without a name, open for both: it is gone when it is closed, however this process ends.</summary>
    /// <remarks>A file system that knows no such files gives it a name for an instant. Source: open(2), O_TMPFILE.</remarks>
    /// <exception cref="SystemCallException">ENOSPC, EROFS …</exception>
    public SafeFileHandle CreateUnnamed(int mode)
    {
        int descriptor;
        do
        {
            descriptor = WriteDoor.Admits("open", this, Path)
                ? OpenAt(this, ".\0"u8, OpenFlags.ReadWrite | OpenFlags.Unnamed | OpenFlags.CloseOnExec, mode)
                : -1;
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true)
            // EISDIR: a kernel that takes the flag for O_DIRECTORY alone.
            : Marshal.GetLastPInvokeError() is Errno.EOPNOTSUPP or Errno.EISDIR or Errno.EINVAL ? CreateAndForget(mode)
            : throw SystemCallException.Last("open", Path);
    }

    SafeFileHandle CreateAndForget(int mode)
    {
        var name = DurableFile.TemporaryName();
        var file = CreateFile(name, mode);
        try
        {
            Unlink(name);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
