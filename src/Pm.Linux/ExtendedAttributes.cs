using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Extended attributes of open files, for example <c>security.capability</c>. Source: xattr(7).</summary>
public static partial class ExtendedAttributes
{
    /// <summary>The kernel's limit for one value, in bytes. Source: XATTR_SIZE_MAX, linux/limits.h.</summary>
    public const int MaximumValue = 65536;

    /// <summary>Sets or replaces one.</summary>
    /// <exception cref="SystemCallException">EOPNOTSUPP where the file system has none; EPERM, ENOSPC …</exception>
    public static void Set(SafeFileHandle file, string name, ReadOnlySpan<byte> value, string? path = null)
    {
        if (!WriteDoor.Admits("setxattr", file, path)
            || SetCall(file, FileName.Terminated(name), value, value.Length, 0) != 0)
        {
            throw SystemCallException.Last("setxattr", path ?? OpenFile.PathOf(file));
        }
    }

    /// <summary>The value of one; null when there is none of that name or the file system has none at all.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static byte[]? Get(SafeFileHandle file, string name, string? path = null)
    {
        var value = new byte[MaximumValue];
        var length = GetCall(file, FileName.Terminated(name), value, value.Length);
        if (length >= 0)
        {
            return value[..(int)length];
        }
        return Marshal.GetLastPInvokeError() is Errno.ENODATA or Errno.EOPNOTSUPP
            ? null
            : throw SystemCallException.Last("getxattr", path ?? OpenFile.PathOf(file));
    }

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    private static partial int SetCall(
        SafeFileHandle file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
    private static partial nint GetCall(SafeFileHandle file, ReadOnlySpan<byte> name, Span<byte> value, nint size);
}
