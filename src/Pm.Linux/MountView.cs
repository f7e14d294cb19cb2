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
    /// <param name="writable">What stays as it is.</param>
    /// <param name="exceptions">What of that does not, and whose parents keep their names: a mount point cannot be renamed.</param>
    /// <exception cref="SystemCallException">It may, and the kernel refused a step.</exception>
    public static void TryMakeReadOnly(IReadOnlyList<string> writable, IReadOnlyList<string> exceptions)
    {
        if (SystemUser.EffectiveUserId != 0 || Unshare(NewView) != 0)
        {
            return;
        }
        Check(Mount(Root, "none\0"u8, Recursive | Private), "/");
        // Parents first: what is said of one holds for all beneath it until more is said.
        var paths = writable.Concat(exceptions).OrderBy(path => path.Length).ToList();
        foreach (var path in exceptions.SelectMany(path => Between(writable, path)).Concat(paths).Distinct().OrderBy(path => path.Length))
        {
            var name = FileName.Terminated(path);
            Check(Mount(name, name, Bind | Recursive), path);
        }
        Check(Change(Root, set: ReadOnly, clear: 0), "/");
        foreach (var path in paths)
        {
            var isWritable = writable.Contains(path);
            Check(Change(FileName.Terminated(path), set: isWritable ? 0 : ReadOnly, clear: isWritable ? ReadOnly : 0), path);
        }
    }

    /// <summary>The directories between a writable one and what lies deeper in it.</summary>
    static IEnumerable<string> Between(IReadOnlyList<string> writable, string path)
    {
        for (var parent = Path.GetDirectoryName(path); parent is not null && !writable.Contains(parent); parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
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
