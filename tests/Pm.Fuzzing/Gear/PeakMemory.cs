using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Fuzzing.Gear;

/// <summary>What this process had in memory at most: of every thread, and of libraries too. Source: proc(5), <c>status</c> and <c>clear_refs</c>.</summary>
static partial class PeakMemory
{
    /// <summary>Begins anew from what is in memory now; false where the kernel does not let a process do so.</summary>
    public static bool Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Bytes in memory now.</summary>
    public static long Now() => Field("VmRSS:");

    /// <summary>Bytes in memory at most since the last <see cref="Reset"/>.</summary>
    public static long Highest() => Field("VmHWM:");

    /// <summary>
    /// Lets the C library give back at once what was large, as it does at first only: it keeps ever more for the next time, and
    /// that would hide the next time. Source: mallopt(3).
    /// </summary>
    public static void KeepNothing()
    {
        const int mapThreshold = -3;
        try
        {
            _ = SetOption(mapThreshold, 1 << 20);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has none, and keeps little.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    static long Field(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(name.Length).Trim(" \tkB"), NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
            }
        }

        throw new FormatException($"/proc/self/status has no {name}");
    }
}
