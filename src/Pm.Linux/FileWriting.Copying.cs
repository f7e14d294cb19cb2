using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <content>Copying whole files.</content>
public static partial class FileWriting
{
    const int CopyBufferSize = 128 * 1024;
    const nint CopyAtOnce = 0x40000000;
    const nuint CloneRequest = 0x40049409;

    /// <summary>
    /// Makes <paramref name="target"/>, an empty file, share all content of <paramref name="source"/>; false where the
    /// file system cannot. Source: ioctl_ficlone(2).
    /// </summary>
    /// <exception cref="SystemCallException">ENOSPC, EIO … of a file system that can.</exception>
    public static bool TryClone(SafeFileHandle source, SafeFileHandle target, string? path = null)
    {
        if (WriteDoor.Admits("clone", target, path) && Control(target, CloneRequest, source) == 0)
        {
            return true;
        }
        return IsUnsupported(Marshal.GetLastPInvokeError())
            ? false
            : throw SystemCallException.Last("clone", path ?? OpenFile.PathOf(target));
    }

    /// <summary>
    /// Makes <paramref name="target"/>, an empty file, hold all content of <paramref name="source"/> by the cheapest
    /// means there are: a clone, a copy within the kernel, reading and writing. Neither position matters.
    /// </summary>
    /// <returns>How many bytes <paramref name="target"/> now has.</returns>
    /// <exception cref="SystemCallException">ENOSPC, EIO …; some of it may be written.</exception>
    public static long CopyInto(SafeFileHandle source, SafeFileHandle target, string? path = null)
    {
        if (TryClone(source, target, path))
        {
            return OpenFile.Status(target, path).Size;
        }
        var copied = CopyWithin(source, target, path);
        return CopyThrough(source, target, copied, path);
    }

    /// <summary>copy_file_range(2) until the end, or until the kernel says that it cannot; how far it came.</summary>
    static long CopyWithin(SafeFileHandle source, SafeFileHandle target, string? path)
    {
        long from = 0, to = 0;
        while (true)
        {
            var count = WriteDoor.Admits("copy_file_range", target, path)
                ? CopyRange(source, ref from, target, ref to, CopyAtOnce, 0)
                : -1;
            // Zero is the end, or a file whose content the kernel makes up: the reading that follows finds out.
            if (count == 0 || (count < 0 && IsUnsupported(Marshal.GetLastPInvokeError())))
            {
                return to;
            }
            if (count < 0)
            {
                ThrowUnlessInterrupted("copy_file_range", target, path);
            }
        }
    }

    static long CopyThrough(SafeFileHandle source, SafeFileHandle target, long offset, string? path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBufferSize);
        try
        {
            int count;
            while ((count = RandomAccess.Read(source, buffer, offset)) > 0)
            {
                WriteAt(target, buffer.AsSpan(0, count), offset, path);
                offset += count;
            }
            return offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // EPERM and ENOSYS: a sandbox; EINVAL, ENOTTY, EOPNOTSUPP, ETXTBSY: the file system; EXDEV: two of them.
    static bool IsUnsupported(int errno) => errno is Errno.EOPNOTSUPP or Errno.EXDEV or Errno.EINVAL or Errno.ENOTTY
        or Errno.ENOSYS or Errno.EPERM or Errno.ETXTBSY or Errno.EBADF or Errno.EOVERFLOW;

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle target, nuint request, SafeFileHandle source);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyRange(
        SafeFileHandle source, ref long from, SafeFileHandle target, ref long to, nint size, uint flags);
}
