using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Who this process acts as. Source: credentials(7).</summary>
public static partial class SystemUser
{
    /// <summary>The user whose rights this process has; 0 is the super-user.</summary>
    public static uint EffectiveUserId => GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
