using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Signals to processes that pm did not start itself. Source: kill(2).</summary>
public static partial class ProcessSignal
{
    const int Terminate = 15;

    /// <summary>Asks a process to end; one that is gone, or another user's, is left alone.</summary>
    /// <returns>Whether it was asked.</returns>
    public static bool AskToEnd(int pid) => pid > 1 && Kill(pid, Terminate) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
