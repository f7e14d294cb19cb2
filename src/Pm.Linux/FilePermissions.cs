using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Permission bits. Source: chmod(2), umask(2).</summary>
public static partial class FilePermissions
{
    /// <summary>All bits of a mode: permissions, set-user-id, set-group-id, sticky.</summary>
    public const int Bits = 0xfff;

    const int PermissionBits = 0x1ff;

    // Read once: pm never changes it, and umask(2) can only be read by changing it for all threads.
    static readonly Lazy<int> Mask = new(ReadMask);

    /// <summary>Gives an open file exactly <paramref name="mode"/>.</summary>
    /// <exception cref="SystemCallException">EPERM when it is another user's.</exception>
    public static void Set(SafeFileHandle file, int mode, string? path = null)
    {
        if (!WriteDoor.Admits("chmod", file, path) || ChangeMode(file, (uint)(mode & Bits)) != 0)
        {
            throw SystemCallException.Last("chmod", path ?? OpenFile.PathOf(file));
        }
    }

    /// <summary>Gives an open file to <paramref name="owner"/> and <paramref name="group"/>.</summary>
    /// <exception cref="SystemCallException">EPERM for all but root.</exception>
    public static void SetOwner(SafeFileHandle file, uint owner, uint group, string? path = null)
    {
        if (!WriteDoor.Admits("chown", file, path) || ChangeOwner(file, owner, group) != 0)
        {
            throw SystemCallException.Last("chown", path ?? OpenFile.PathOf(file));
        }
    }

    /// <summary>Whether a new file would not get <paramref name="mode"/> as it stands.</summary>
    internal static bool IsMasked(int mode) => (mode & (Mask.Value | (Bits & ~PermissionBits))) != 0;

    // Without /proc every bit counts as masked: one call more, never a wrong mode.
    static int ReadMask()
    {
        const string Label = "Umask:";
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal));
            return line is null ? Bits : Convert.ToInt32(line[Label.Length..].Trim(), 8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Bits;
        }
    }

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeHandle file, uint owner, uint group);
}
