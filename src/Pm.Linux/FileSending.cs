using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Sends a file without its bytes passing through this process. Source: sendfile(2).</summary>
public static partial class FileSending
{
    /// <summary>
    /// Sends up to <paramref name="count"/> bytes of <paramref name="file"/> from <paramref name="offset"/> to a socket
    /// that does not block: how many the kernel took; 0: the file has no more; -1: the socket takes nothing now.
    /// </summary>
    /// <exception cref="SystemCallException">EPIPE or ECONNRESET when the other side is gone, EIO …</exception>
    public static long Send(SafeHandle socket, SafeFileHandle file, long offset, long count)
    {
        while (true)
        {
            var position = offset;
            var sent = Send(socket, file, ref position, (nuint)count);
            if (sent >= 0)
            {
                return sent;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return -1;
                default:
                    throw SystemCallException.Last("sendfile");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint Send(SafeHandle socket, SafeFileHandle file, ref long offset, nuint count);
}
