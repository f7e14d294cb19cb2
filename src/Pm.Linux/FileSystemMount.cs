using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Mounts file systems that are the kernel's own: tracefs, bpffs. Source: mount(2).</summary>
public static partial class FileSystemMount
{
    const ulong NoSetId = 2;
    const ulong NoDevices = 4;
    const ulong NoPrograms = 8;

    /// <param name="type">As <c>/proc/filesystems</c> names it.</param>
    /// <param name="target">An existing directory.</param>
    /// <exception cref="SystemCallException">EPERM: not allowed; ENODEV: this kernel has none; EBUSY: it is mounted there.</exception>
    public static void Mount(string type, string target)
    {
        if (Mount(FileName.Terminated(type), FileName.Terminated(target), FileName.Terminated(type), NoSetId | NoDevices | NoPrograms, 0) != 0)
        {
            throw SystemCallException.Last("mount", target);
        }
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true)]
    private static partial int Mount(ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, ReadOnlySpan<byte> type, ulong flags, nint data);
}
