using System.Runtime.InteropServices;

namespace Pm.Archives.Tests;

/// <summary>
/// Processor time of the calling thread: what tells work that explodes from a machine that is busy with something else.
/// Source: clock_gettime(2).
/// </summary>
readonly partial struct ThreadClock
{
    const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID

    readonly TimeSpan _start;

    ThreadClock(TimeSpan start) => _start = start;

    public TimeSpan Elapsed => Now() - _start;

    public static ThreadClock StartNew() => new(Now());

    static TimeSpan Now()
    {
        Span<long> time = stackalloc long[2];
        _ = GetTime(ThreadTime, time);
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Span<long> time);
}
