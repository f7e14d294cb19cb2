using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Sleeps for less than a millisecond, which .NET does not. Source: nanosleep(2).</summary>
public static partial class ShortPause
{
    /// <summary>Sleeps so long, and at most the kernel's slack longer (50 microseconds); a signal ends it.</summary>
    /// <param name="time">Less than a second.</param>
    public static void For(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(time, TimeSpan.FromSeconds(1));
        var specification = new TimeSpecification(0, (long)time.TotalNanoseconds);
        _ = Sleep(specification, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpecification time, nint left);
}
