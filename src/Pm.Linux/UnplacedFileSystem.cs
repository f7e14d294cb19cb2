using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A file system of the kernel's own that is mounted nowhere: who has it reads it, and nobody else sees a difference. Source: fsopen(2), fsmount(2), Linux 5.2.</summary>
public sealed partial class UnplacedFileSystem : SafeHandleZeroOrMinusOneIsInvalid
{
    const nint OpenType = 430;
    const nint Configure = 431;
    const nint MakeMount = 432;
    const nint Create = 6; // FSCONFIG_CMD_CREATE
    const nint CloseOnExec = 1;
    const nint ReadOnlyAndPlain = 1 | 2 | 4 | 8; // MOUNT_ATTR_RDONLY, NOSUID, NODEV, NOEXEC

    UnplacedFileSystem(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>Its top directory, for this process and as long as this is open.</summary>
    public string Path => $"/proc/self/fd/{handle}";

    /// <param name="type">As <c>/proc/filesystems</c> names it.</param>
    /// <returns>Null where this process may not mount, or the kernel has none of it or is too old.</returns>
    public static unsafe UnplacedFileSystem? TryOpen(string type)
    {
        fixed (byte* name = FileName.Terminated(type))
        {
            var context = Call(OpenType, (nint)name, CloseOnExec, 0, 0, 0);
            if (context < 0)
            {
                return null;
            }

            var mount = Call(Configure, context, Create, 0, 0, 0) == 0 ? Call(MakeMount, context, CloseOnExec, ReadOnlyAndPlain, 0, 0) : -1;
            _ = Close((int)context);
            return mount >= 0 ? new UnplacedFileSystem(mount) : null;
        }
    }

    protected override bool ReleaseHandle() => Close((int)handle) == 0;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint one, nint two, nint three, nint four, nint five);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
