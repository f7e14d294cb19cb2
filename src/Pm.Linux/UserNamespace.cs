namespace Pm.Linux;

/// <summary>The users that this process lives among. Source: user_namespaces(7), namespaces(7).</summary>
public static class UserNamespace
{
    /// <summary>The number that the first has since Linux 3.8: PROC_USER_INIT_INO of linux/proc_ns.h.</summary>
    const string First = "user:[4026531837]";

    /// <summary>They are those of the machine. In others, as <c>unshare -Ur</c> makes them, capabilities are for what belongs to them: to load eBPF programs is not among it. True where it is not known.</summary>
    public static bool IsFirst
    {
        get
        {
            try
            {
                return new FileInfo("/proc/self/ns/user").LinkTarget is null or First;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }
}
