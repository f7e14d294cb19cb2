using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Reading what has no places, only a next piece. Source: read(2).</summary>
public static partial class DescriptorReading
{
    /// <summary>Up to a buffer of bytes; 0 at the end, null when there is nothing now and it is worth asking again.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static int? ReadNext(SafeFileHandle descriptor, Span<byte> buffer) =>
        Read(descriptor, buffer, buffer.Length) is >= 0 and var count ? (int)count
        : Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR ? null
        : throw SystemCallException.Last("read");

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, Span<byte> buffer, nint size);
}
