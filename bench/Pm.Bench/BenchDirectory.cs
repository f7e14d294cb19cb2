using System.Globalization;

namespace Pm.Bench;

/// <summary>Where benchmarks write: on a disk, not in a /tmp that may be memory, where a sync costs nothing.</summary>
static class BenchDirectory
{
    internal static string Make()
    {
        var path = Path.Combine(
            Environment.GetEnvironmentVariable("PM_BENCH_DIR") ?? "/var/tmp",
            string.Create(CultureInfo.InvariantCulture, $"pm-bench-{Environment.ProcessId}"));
        Directory.CreateDirectory(path);
        Spread(path);
        return path;
    }

    /// <summary>
    /// Lets ext4 put each directory below into a part of the disk of its own. It gives no inode out again for a minute, and
    /// where thousands were just removed, it looks at all of them for each new file: that would be measured, not the program.
    /// </summary>
    static void Spread(string path)
    {
        try
        {
            SpawnedProcess.Run("/usr/bin/chattr", "+T", path);
        }
        catch (InvalidOperationException)
        {
            // Another file system.
        }
    }
}
