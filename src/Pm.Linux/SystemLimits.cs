using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>What this process may use. Source: getrlimit(2), sysconf(3).</summary>
public static partial class SystemLimits
{
    const int OpenFilesResource = 7;

    /// <summary>How many descriptors it may have open.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static long OpenFiles
    {
        get
        {
            Limit limit = default;
            return Get(OpenFilesResource, ref limit) == 0
                ? (long)Math.Min(limit.Soft, long.MaxValue)
                : throw SystemCallException.Last("getrlimit");
        }
    }

    /// <summary>How many descriptors it has open. Source: proc_pid_fd(5).</summary>
    /// <exception cref="SystemCallException">There is no /proc.</exception>
    public static int UsedDescriptors
    {
        get
        {
            using var directory = DirectoryHandle.Open("/proc/self/fd");
            // Two of them are those that count.
            return directory.Entries().Count() - 2;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int Get(int resource, ref Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
