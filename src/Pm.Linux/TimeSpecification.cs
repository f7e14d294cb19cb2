using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>struct timespec on 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
readonly struct TimeSpecification(long seconds, long nanoseconds)
{
    public readonly long Seconds = seconds;
    public readonly long Nanoseconds = nanoseconds;

    public static TimeSpecification Of(DateTimeOffset time)
    {
        // ToUnixTimeSeconds rounds down also before 1970, so the rest is never negative.
        var seconds = time.ToUnixTimeSeconds();
        var rest = time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks;
        return new TimeSpecification(seconds, rest * TimeSpan.NanosecondsPerTick);
    }
}
