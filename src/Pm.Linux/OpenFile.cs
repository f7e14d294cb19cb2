using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>What can be asked of an open file.</summary>
public static partial class OpenFile
{
    const int MaximumPath = 4096;
    const int CurrentDirectory = -100;

    /// <summary>Its status. Source: statx(2) with AT_EMPTY_PATH.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static FileStatus Status(SafeFileHandle file, string? path = null) => StatusCall.Of(file, path);

    /// <summary>Opens a regular file for reading, symbolic links followed, for paths that the user chose; null when there is none. A pipe is never waited for.</summary>
    /// <exception cref="SystemCallException">EISDIR, EINVAL: something else is there; or the kernel refused.</exception>
    public static SafeFileHandle? TryOpenRead(string path)
    {
        var file = TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoTerminal | OpenFlags.CloseOnExec);
        if (file is null)
        {
            return null;
        }

        var kind = StatusCall.Of(file, path).Kind;
        if (kind is FileKind.Regular)
        {
            return file;
        }

        file.Dispose();
        throw new SystemCallException("open", kind is FileKind.Directory ? Errno.EISDIR : Errno.EINVAL, path, $"not a regular file but {FileKinds.Phrase(kind)}");
    }

    /// <summary>Opens a regular file for reading at a path that somebody hostile chose, and that may lead elsewhere at any time; null where there is none, or something else. Nothing else is
    /// ever opened: to open a device may do something.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static SafeFileHandle? TryOpenForeign(string path)
    {
        // O_PATH opens nothing, and holds what is there: it is that, not the path, which is opened then. Source: open(2).
        using var held = TryOpen(path, OpenFlags.PathOnly | OpenFlags.CloseOnExec);
        return held is null || StatusCall.Of(held, path).Kind is not FileKind.Regular ? null
            : TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{held.DangerousGetHandle()}"), OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoTerminal | OpenFlags.CloseOnExec);
    }

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

    /// <summary>Opens what a descriptor of this process leads to once more, for writing without waiting; null when it is gone.</summary>
    /// <exception cref="SystemCallException">The kernel refused: it is another user's, or a pipe that nobody reads.</exception>
    internal static SafeFileHandle? TryOpenAgain(int descriptor) =>
        TryOpen(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}"), OpenFlags.WriteOnly | OpenFlags.NonBlocking | OpenFlags.NoTerminal | OpenFlags.CloseOnExec);

    [SkipLocalsInit]
    static SafeFileHandle? TryOpen(string path, int flags)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        var bytes = FileName.Terminate(path, buffer);
        int descriptor;
        do
        {
            descriptor = OpenAt(CurrentDirectory, bytes, flags, 0);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true)
            : Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR ? null
            : throw SystemCallException.Last("open", path);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, int mode);

    // Without SetLastError: it is asked for while a message about another call's error is put together.
    [LibraryImport("libc", EntryPoint = "readlink")]
    private static partial nint ReadLink(ReadOnlySpan<byte> path, Span<byte> target, nint size);
}
