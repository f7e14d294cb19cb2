using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// A write beyond the limit of the size of files ends a process by SIGXFSZ, unless that is ignored: then it fails with EFBIG as a
/// write to a full disk fails with ENOSPC. Source: setrlimit(2), RLIMIT_FSIZE; <c>ulimit -f</c>, systemd's <c>LimitFSIZE</c>.
/// </summary>
public static partial class FileSizeSignal
{
    internal const int Number = 25;

    const nint Ignored = 1;

    /// <summary>From now on; the programs that this one starts have it as it was by default.</summary>
    public static void Ignore() => _ = Signal(Number, Ignored);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
