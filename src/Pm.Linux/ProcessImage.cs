using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>The program this process runs. Source: execve(2).</summary>
public static partial class ProcessImage
{
    const int PipeSignal = 13;
    const int SetMask = 2;

    /// <summary>
    /// Becomes the program at <paramref name="path"/>, under the same process id; returns only by an exception.
    /// Descriptors opened by pm are closed, 0 to 2 stay; no signal is blocked, and SIGPIPE and SIGXFSZ are at their defaults again.
    /// </summary>
    /// <param name="path">Absolute or with a slash in it: no search.</param>
    /// <param name="arguments">Without the program's own name.</param>
    /// <param name="environment">All of it.</param>
    /// <param name="name">What the program finds as its own name; <paramref name="path"/> by default.</param>
    /// <exception cref="SystemCallException">ENOENT, EACCES, ENOEXEC, E2BIG …</exception>
    public static void Replace(
        string path, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment,
        string? name = null)
    {
        using var argumentList = NativeStrings.OfArguments(name ?? path, arguments);
        using var environmentList = NativeStrings.OfEnvironment(environment);
        // The runtime ignores the one and pm the other, and what is ignored stays so across execve.
        var before = Signal(PipeSignal, 0);
        var sizeBefore = Signal(FileSizeSignal.Number, 0);
        Span<byte> none = stackalloc byte[128];
        Span<byte> mask = stackalloc byte[128];
        none.Clear();
        _ = SetSignalMask(SetMask, none, mask);
        _ = Execute(FileName.Terminated(path), argumentList.Pointer, environmentList.Pointer);
        var failure = new SystemCallException("exec", Marshal.GetLastPInvokeError(), path);
        _ = SetSignalMask(SetMask, mask, none);
        _ = Signal(PipeSignal, before);
        _ = Signal(FileSizeSignal.Number, sizeBefore);
        throw failure;
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    private static partial int Execute(ReadOnlySpan<byte> path, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetSignalMask(int how, ReadOnlySpan<byte> mask, Span<byte> before);
}
