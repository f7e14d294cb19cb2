using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Who this process acts as. Source: geteuid(2).</summary>
public static partial class SystemUser
{
    /// <summary>The user whose rights count.</summary>
    public static uint EffectiveUserId => GetEffectiveUser();

    /// <summary>The group whose rights count.</summary>
    public static uint EffectiveGroupId => GetEffectiveGroup();

    /// <summary>The user who started it.</summary>
    public static uint UserId => GetUser();

    public static bool IsRoot => EffectiveUserId == 0;

    /// <summary>The effective user's name, or its number when it has none.</summary>
    public static string Name => AccountDatabase.System.UserName(EffectiveUserId) ?? $"{EffectiveUserId}";

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEffectiveGroup();

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint GetUser();
}
