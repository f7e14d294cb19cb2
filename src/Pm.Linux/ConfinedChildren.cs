using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// What a confined child started ends with it, also where that left its process group: this process becomes the parent of all whose
/// own parent ends (prctl(2), PR_SET_CHILD_SUBREAPER), so it finds them. They are known by having passed more seccomp filters than this
/// process, which nothing takes back. Source of the words in <c>/proc/PID/status</c>: proc_pid_status(5).
/// </summary>
static partial class ConfinedChildren
{
    const int BecomeReaper = 36; // PR_SET_CHILD_SUBREAPER
    const int End = 9;

    // Each round ends a generation of those that were started by the ones before; who forks faster than that is not waited for.
    const int MostRounds = 1000;

    static readonly Lock Gate = new();

    /// <summary>Those that were started here and have not been waited for.</summary>
    static readonly HashSet<int> Running = [];

    /// <summary>Starts one.</summary>
    /// <param name="start">Gives its number.</param>
    public static int Start(Func<int> start)
    {
        ConfinedThread.Check(Control(BecomeReaper, 1, 0, 0, 0), "prctl");
        lock (Gate)
        {
            var pid = start();
            Running.Add(pid);
            return pid;
        }
    }

    /// <summary>Waits for one that has ended: until it is waited for its number is its own.</summary>
    public static int Reap(int pid, Func<int> wait)
    {
        lock (Gate)
        {
            var status = wait();
            Running.Remove(pid);
            return status;
        }
    }

    /// <summary>Ends what those that have ended left behind.</summary>
    public static void EndLeft()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            List<int> left;
            lock (Gate)
            {
                left = [.. Left().Except(Running)];
                left.ForEach(pid => _ = Kill(pid, End));
            }

            if (left.Count == 0)
            {
                return;
            }

            foreach (var pid in left)
            {
                while (Wait(pid, out _, 0) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
                {
                }
            }
        }
    }

    /// <summary>Children of this process that are confined; none where there is no /proc.</summary>
    static IEnumerable<int> Left()
    {
        using var all = DirectoryHandle.TryOpen("/proc");
        if (all is null || StatusOf(Environment.ProcessId) is not { } own)
        {
            yield break;
        }

        foreach (var entry in all.Entries())
        {
            if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && StatusOf(pid) is { } status && status.Parent == Environment.ProcessId && status.Filters > own.Filters)
            {
                yield return pid;
            }
        }
    }

    /// <summary>Null where it has ended meanwhile.</summary>
    static (int Parent, int Filters)? StatusOf(int pid)
    {
        int? parent = null;
        var filters = 0;
        foreach (var line in ProcessProbe.Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status")))
        {
            if (line.StartsWith("PPid:", StringComparison.Ordinal))
            {
                parent = Number(line);
            }
            else if (line.StartsWith("Seccomp_filters:", StringComparison.Ordinal))
            {
                filters = Number(line);
            }
        }

        return parent is { } known ? (known, filters) : null;
    }

    static int Number(string line) =>
        int.TryParse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, ulong one, ulong two, ulong three, ulong four);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options);
}
