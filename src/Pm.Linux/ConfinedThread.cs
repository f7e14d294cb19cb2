using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// Runs one call on a thread that has given up its rights for good, so that a child started by it has them neither. The thread
/// ends with the call. Landlock and seccomp confine one thread and what it starts, and ask for no privilege; a super-user's thread has a
/// view of the file systems of its own too, in which all but what is writable is mounted read-only, and lets go of every capability but
/// those over files.
/// </summary>
/// <remarks>Sources: landlock(7), seccomp(2), mount_namespaces(7), capabilities(7).</remarks>
static partial class ConfinedThread
{
    const int StackSize = 256 * 1024;
    const int NoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    const int DropFromBoundingSet = 24; // PR_CAPBSET_DROP
    const int LastCapability = 63;

    // chown, dac_override, dac_read_search, fowner, fsetid, setgid, setuid, setfcap: what a script needs to own files.
    static readonly int[] KeptCapabilities = [0, 1, 2, 3, 4, 6, 7, 31];

    /// <exception cref="SystemCallException">The kernel cannot confine (ENOSYS, EOPNOTSUPP), or the call failed.</exception>
    public static T Run<T>(Confinement confinement, Func<T> call)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    GiveUp(confinement);
                    result = call();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSize);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    static void GiveUp(Confinement confinement)
    {
        // The order matters: the mounts need what is given up after them, and a ruleset forbids further mounts.
        MountView.TryMakeReadOnly(confinement.Writable, confinement.Protected);
        DropCapabilities();
        Check(Control(NoNewPrivileges, 1, 0, 0, 0), "prctl");
        LandlockRules.Restrict(confinement.Writable);
        SystemCallFilter.Install(confinement.AllowsNetwork);
    }

    static void DropCapabilities()
    {
        if (SystemUser.EffectiveUserId != 0)
        {
            return;
        }
        for (var capability = 0; capability <= LastCapability; capability++)
        {
            if (!KeptCapabilities.Contains(capability) && Control(DropFromBoundingSet, (ulong)capability, 0, 0, 0) != 0
                && Marshal.GetLastPInvokeError() is Errno.EINVAL or Errno.EPERM)
            {
                // Beyond the last that this kernel knows; or there is nothing that could be dropped.
                return;
            }
        }
    }

    internal static void Check(nint result, string call)
    {
        if (result < 0)
        {
            throw SystemCallException.Last(call, null);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, ulong one, ulong two, ulong three, ulong four);
}
