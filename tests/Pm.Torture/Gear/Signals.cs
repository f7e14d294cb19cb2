using System.Runtime.InteropServices;

namespace Pm.Torture.Gear;

/// <summary>Signals to, and news of, a child.</summary>
static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;

    const int ByProcess = 1;
    const int Stopped = 2;
    const int Exited = 4;
    const int LeaveIt = 0x01000000;

    // siginfo_t is 128 bytes; si_code is its third int. Source: sigaction(2), CLD_STOPPED.
    const int InformationSize = 128;
    const int CodeAt = 2;
    const int StoppedCode = 5;

    public static void Send(int pid, int signal) => _ = SendSignal(pid, signal);

    /// <summary>Waits until the child stops; false: it ended.</summary>
    public static bool WaitUntilStopped(int pid)
    {
        Span<int> information = stackalloc int[InformationSize / sizeof(int)];
        return WaitFor(ByProcess, pid, information, Stopped | Exited | LeaveIt) == 0 && information[CodeAt] == StoppedCode;
    }

    /// <summary>Where the child stops before its end, acts, and lets it go on.</summary>
    public static void HoldWhenStopped(int pid, Action whenStopped)
    {
        if (WaitUntilStopped(pid))
        {
            try
            {
                whenStopped();
            }
            finally
            {
                Send(pid, Continue);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitFor(int kind, int pid, Span<int> information, int options);
}
