using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// A view of the file systems for one thread, read-only but for some paths. Landlock does not stop changes of modes, owners and
/// times; a read-only mount does. Source: mount_namespaces(7), mount_setattr(2).
/// </summary>
static partial class MountView
{
    const int NewView = 0x20000; // CLONE_NEWNS
    const ulong Bind = 4096;
    const ulong Recursive = 16384;
    const ulong Private = 1 << 18;
    const nint SetAttributes = 442;
    const int CurrentDirectory = -100;
    const nint WholeTree = 0x8000; // AT_RECURSIVE
    const ulong ReadOnly = 1;

    /// <summary>Nothing happens where the thread may not mount: it is no super-user's.</summary>
    /// <exception cref="SystemCallException">It may, and the kernel refused a step.</exception>
    public static void TryMakeReadOnly(IReadOnlyList<string> writable)
    {
        if (SystemUser.EffectiveUserId != 0 || Unshare(NewView) != 0)
        {
            return;
        }
        Check(Mount(Root, "none\0"u8, Recursive | Private), "/");
        foreach (var path in writable)
        {
            var name = FileName.Terminated(path);
            Check(Mount(name, name, Bind | Recursive), path);
        }
        Check(Change(Root, set: ReadOnly, clear: 0), "/");
        foreach (var path in writable)
        {
            Check(Change(FileName.Terminated(path), set: 0, clear: ReadOnly), path);
        }
    }

    static ReadOnlySpan<byte> Root => "/\0"u8;

    static int Mount(ReadOnlySpan<byte> target, ReadOnlySpan<byte> source, ulong flags) => Mount(source, target, 0, flags, 0);

    static unsafe nint Change(ReadOnlySpan<byte> path, ulong set, ulong clear)
    {
        // struct mount_attr: set, clear, propagation, a user namespace.
        var attributes = stackalloc ulong[] { set, clear, 0, 0 };
        fixed (byte* name = path)
        {
            return Call(SetAttributes, CurrentDirectory, (nint)name, WholeTree, (nint)attributes, 4 * sizeof(ulong));
        }
    }

    static void Check(nint result, string path)
    {
        if (result != 0)
        {
            throw SystemCallException.Last("mount", path);
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true)]
    private static partial int Mount(ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, nint type, ulong flags, nint data);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint one, nint two, nint three, nint four, nint five);
}
