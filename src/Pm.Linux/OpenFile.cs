using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>What can be asked of an open file.</summary>
public static partial class OpenFile
{
    const int MaximumPath = 4096;

    /// <summary>Its status. Source: statx(2) with AT_EMPTY_PATH.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static FileStatus Status(SafeFileHandle file, string? path = null) => StatusCall.Of(file, path);

    /// <summary>
    /// The path the kernel knows it by; for messages only, since files are renamed and removed. Source: proc_pid_fd(5).
    /// </summary>
    [SkipLocalsInit]
    public static string PathOf(SafeHandle file)
    {
        var link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");
        Span<byte> target = stackalloc byte[MaximumPath];
        var length = ReadLink(FileName.Terminated(link), target, target.Length);
        return length > 0 ? FileName.Decode(target[..(int)length]) : link;
    }

    // Without SetLastError: it is asked for while a message about another call's error is put together.
    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(ReadOnlySpan<byte> path, Span<byte> target, nint size);
}
