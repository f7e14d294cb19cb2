using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A pipe to a child: both ends close on exec, and this process's own end never blocks. Source: pipe2(2).</summary>
public sealed partial class Pipe : IDisposable
{
    const int DuplicateAbove = 1030; // F_DUPFD_CLOEXEC
    const int SetFlags = 4; // F_SETFL
    const int FirstFree = 3;

    Pipe(SafeFileHandle own, SafeFileHandle child)
    {
        Own = own;
        Child = child;
    }

    /// <summary>This process's end.</summary>
    public SafeFileHandle Own { get; }

    /// <summary>The child's end.</summary>
    public SafeFileHandle Child { get; }

    /// <summary>The child reads, this process writes.</summary>
    public static Pipe ToChild() => Make(ownIsReading: false);

    /// <summary>The child writes, this process reads.</summary>
    public static Pipe FromChild() => Make(ownIsReading: true);

    /// <summary>Up to a buffer of bytes; 0 at the end, null when there is nothing now.</summary>
    public int? Read(Span<byte> buffer) => Transferred("read", ReadSome(Own, buffer, buffer.Length));

    /// <summary>How many bytes were taken; null when there is no room now.</summary>
    /// <exception cref="SystemCallException">EPIPE when the child reads no more.</exception>
    public int? Write(ReadOnlySpan<byte> data) => Transferred("write", WriteSome(Own, data, data.Length));

    public void Dispose()
    {
        Own.Dispose();
        Child.Dispose();
    }

    static int? Transferred(string call, nint count) =>
        count >= 0 ? (int)count
        : Marshal.GetLastPInvokeError() is Errno.EAGAIN or Errno.EINTR ? null
        : throw SystemCallException.Last(call, "a pipe to a child");

    static unsafe Pipe Make(bool ownIsReading)
    {
        var ends = stackalloc int[2];
        if (MakePipe(ends, OpenFlags.CloseOnExec) != 0)
        {
            throw SystemCallException.Last("pipe");
        }
        var own = new SafeFileHandle(ends[ownIsReading ? 0 : 1], ownsHandle: true);
        var child = new SafeFileHandle(ends[ownIsReading ? 1 : 0], ownsHandle: true);
        // Where pm was started with one of 0 to 2 closed, an end could lie there and be overwritten in the child.
        if (child.DangerousGetHandle() < FirstFree)
        {
            using var low = child;
            child = new SafeFileHandle(Control(low, DuplicateAbove, FirstFree), ownsHandle: true);
        }
        return child.IsInvalid || Control(own, SetFlags, OpenFlags.NonBlocking) < 0
            ? throw SystemCallException.Last("fcntl")
            : new Pipe(own, child);
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int MakePipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadSome(SafeFileHandle file, Span<byte> buffer, nint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(SafeFileHandle file, ReadOnlySpan<byte> data, nint size);
}
