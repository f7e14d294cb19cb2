using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// The one door that every system call which changes a file passes first. It counts them, and lets a test watch them
/// (<see cref="Trace"/>) or have the N-th of them fail or end the process (<see cref="Fault"/>). Thread-safe.
/// An injected error stands where the kernel's would: interrupted calls are repeated, everything else throws.
/// </summary>
public static class WriteDoor
{
    static long _count;
    static WriteFault? _fault;
    static Action<long, string, string>? _trace;

    /// <summary>How many calls have passed since the process started.</summary>
    public static long Count => Volatile.Read(ref _count);

    /// <summary>What strikes; null: nothing. For tests and <c>PM_FAULT</c>.</summary>
    public static WriteFault? Fault
    {
        get => Volatile.Read(ref _fault);
        set => Volatile.Write(ref _fault, value);
    }

    /// <summary>Called before each call with its number since the process started, its name and its path.</summary>
    public static Action<long, string, string>? Trace
    {
        get => Volatile.Read(ref _trace);
        set => Volatile.Write(ref _trace, value);
    }

    // Paths are only put together when somebody looks: a link costs some 20 µs, and there are thousands of them.
    static bool IsWatched => _fault is not null || _trace is not null;

    /// <summary>For a change that another library is about to write, as a database its transaction.</summary>
    /// <exception cref="SystemCallException">The fault struck: the change must not be made.</exception>
    public static void Pass(string call, string path)
    {
        if (!Admits(call, path))
        {
            throw SystemCallException.Last(call, path);
        }
    }

    /// <summary>False: the caller must not make the call, but fail with the P/Invoke error that is now set.</summary>
    internal static bool Admits(string call, string path)
    {
        var number = Interlocked.Increment(ref _count);
        return !IsWatched || Meet(number, call, path, mayTear: false, out _);
    }

    internal static bool Admits(string call, DirectoryHandle directory, ReadOnlySpan<byte> name)
    {
        var number = Interlocked.Increment(ref _count);
        return !IsWatched || Meet(number, call, directory.PathOf(name), mayTear: false, out _);
    }

    internal static bool Admits(string call, SafeHandle file, string? path)
    {
        var number = Interlocked.Increment(ref _count);
        return !IsWatched || Meet(number, call, path ?? OpenFile.PathOf(file), mayTear: false, out _);
    }

    /// <summary>As the others; with <paramref name="isTorn"/> the caller writes half and ends the process.</summary>
    internal static bool AdmitsWrite(string call, SafeHandle file, string? path, out bool isTorn)
    {
        isTorn = false;
        var number = Interlocked.Increment(ref _count);
        return !IsWatched || Meet(number, call, path ?? OpenFile.PathOf(file), mayTear: true, out isTorn);
    }

    static bool Meet(long number, string call, string path, bool mayTear, out bool isTorn)
    {
        isTorn = false;
        Trace?.Invoke(number, call, path);
        var errno = Fault?.Meet(call, path, mayTear, out isTorn) ?? 0;
        if (errno != 0)
        {
            Marshal.SetLastPInvokeError(errno);
        }
        return errno == 0;
    }
}
