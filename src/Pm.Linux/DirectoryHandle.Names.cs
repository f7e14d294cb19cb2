using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Making, moving and removing entries.</content>
public sealed partial class DirectoryHandle
{
    const int RemoveDirectoryFlag = 0x200;

    /// <summary>Gives the file <paramref name="oldName"/> of <paramref name="from"/> a second name here.</summary>
    /// <exception cref="SystemCallException">EEXIST, EXDEV on another file system, EMLINK, EPERM …</exception>
    [SkipLocalsInit]
    public void Link(DirectoryHandle from, string oldName, string newName)
    {
        Span<byte> oldBuffer = stackalloc byte[FileName.BufferSize];
        Span<byte> newBuffer = stackalloc byte[FileName.BufferSize];
        Link(from, FileName.TerminateName(oldName, oldBuffer), FileName.TerminateName(newName, newBuffer));
    }

    /// <inheritdoc cref="Link(DirectoryHandle, string, string)"/>
    public void Link(DirectoryHandle from, ReadOnlySpan<byte> oldName, ReadOnlySpan<byte> newName)
    {
        FileName.Check(oldName);
        FileName.Check(newName);
        if (!WriteDoor.Admits("link", this, newName) || LinkAt(from, oldName, this, newName, 0) != 0)
        {
            throw SystemCallException.LastBetween("link", from.PathOf(oldName), PathOf(newName));
        }
    }

    /// <summary>As <see cref="Link(DirectoryHandle, string, string)"/> for a file known by its absolute path.</summary>
    /// <exception cref="SystemCallException">As <see cref="Link(DirectoryHandle, string, string)"/>.</exception>
    [SkipLocalsInit]
    public void LinkPath(string absoluteOld, string newName)
    {
        Span<byte> oldBuffer = stackalloc byte[FileName.BufferSize];
        Span<byte> newBuffer = stackalloc byte[FileName.BufferSize];
        var newBytes = FileName.TerminateName(newName, newBuffer);
        var oldBytes = FileName.Terminate(absoluteOld, oldBuffer);
        if (!WriteDoor.Admits("link", this, newBytes) || LinkAt(CurrentDirectory, oldBytes, this, newBytes, 0) != 0)
        {
            throw SystemCallException.Last("link", PathOf(newBytes));
        }
    }

    /// <summary>Makes a symbolic link; <paramref name="target"/> is kept as it is given.</summary>
    /// <exception cref="SystemCallException">EEXIST, ENOENT for an empty target, ENOSPC …</exception>
    [SkipLocalsInit]
    public void Symlink(string target, string name)
    {
        Span<byte> targetBuffer = stackalloc byte[FileName.BufferSize];
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        Symlink(FileName.Terminate(target, targetBuffer), FileName.TerminateName(name, buffer));
    }

    /// <inheritdoc cref="Symlink(string, string)"/>
    public void Symlink(ReadOnlySpan<byte> target, ReadOnlySpan<byte> name)
    {
        FileName.Check(name);
        CheckTerminated(target);
        if (!WriteDoor.Admits("symlink", this, name) || SymlinkAt(target, this, name) != 0)
        {
            throw SystemCallException.Last("symlink", PathOf(name));
        }
    }

    /// <summary>Makes a directory with exactly <paramref name="mode"/>, whatever the umask.</summary>
    /// <exception cref="SystemCallException">EEXIST, ENOSPC …</exception>
    [SkipLocalsInit]
    public void MakeDirectory(string name, int mode)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        MakeDirectory(FileName.TerminateName(name, buffer), mode);
    }

    /// <inheritdoc cref="MakeDirectory(string, int)"/>
    public void MakeDirectory(ReadOnlySpan<byte> name, int mode)
    {
        FileName.Check(name);
        if (!WriteDoor.Admits("mkdir", this, name) || MakeDirectoryAt(this, name, (uint)mode) != 0)
        {
            throw SystemCallException.Last("mkdir", PathOf(name));
        }
        if (FilePermissions.IsMasked(mode))
        {
            SetMode(name, mode);
        }
    }

    /// <summary>Moves an entry, within this directory or to another on the same file system.</summary>
    /// <exception cref="SystemCallException">ENOENT, EXDEV, EEXIST or ENOTEMPTY, EINVAL for an unsupported mode …</exception>
    [SkipLocalsInit]
    public void Rename(string oldName, DirectoryHandle to, string newName, RenameMode mode = RenameMode.Replace)
    {
        Span<byte> oldBuffer = stackalloc byte[FileName.BufferSize];
        Span<byte> newBuffer = stackalloc byte[FileName.BufferSize];
        Rename(FileName.TerminateName(oldName, oldBuffer), to, FileName.TerminateName(newName, newBuffer), mode);
    }

    /// <inheritdoc cref="Rename(string, DirectoryHandle, string, RenameMode)"/>
    public void Rename(
        ReadOnlySpan<byte> oldName, DirectoryHandle to, ReadOnlySpan<byte> newName,
        RenameMode mode = RenameMode.Replace)
    {
        FileName.Check(oldName);
        FileName.Check(newName);
        if (!WriteDoor.Admits(mode is RenameMode.Exchange ? "exchange" : "rename", to, newName)
            || (mode is RenameMode.Replace
                ? RenameAt(this, oldName, to, newName)
                : RenameAt2(this, oldName, to, newName, (uint)mode)) != 0)
        {
            throw SystemCallException.LastBetween("rename", PathOf(oldName), to.PathOf(newName));
        }
    }

    /// <summary>Removes a name that is not a directory's.</summary>
    /// <exception cref="SystemCallException">ENOENT, EISDIR, EACCES …</exception>
    [SkipLocalsInit]
    public void Unlink(string name)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        Unlink(FileName.TerminateName(name, buffer));
    }

    /// <inheritdoc cref="Unlink(string)"/>
    public void Unlink(ReadOnlySpan<byte> name)
    {
        FileName.Check(name);
        if (!WriteDoor.Admits("unlink", this, name) || UnlinkAt(this, name, 0) != 0)
        {
            throw SystemCallException.Last("unlink", PathOf(name));
        }
    }

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="SystemCallException">ENOENT, ENOTEMPTY, ENOTDIR …</exception>
    [SkipLocalsInit]
    public void RemoveDirectory(string name)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        var bytes = FileName.TerminateName(name, buffer);
        if (!WriteDoor.Admits("rmdir", this, bytes) || UnlinkAt(this, bytes, RemoveDirectoryFlag) != 0)
        {
            throw SystemCallException.Last("rmdir", PathOf(bytes));
        }
    }

    /// <summary>Removes an entry and everything below it, however deep; nothing when it is not there.</summary>
    /// <exception cref="SystemCallException">
    /// The kernel refused; some of it may be gone. EBUSY: something is mounted there, which is left as it is.
    /// </exception>
    public void RemoveTree(string name) => TreeRemoval.Remove(this, name);

    static void CheckTerminated(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.IndexOf((byte)0) != text.Length - 1)
        {
            throw new ArgumentException("expected one NUL, at the end", nameof(text));
        }
    }

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAt(
        DirectoryHandle from, ReadOnlySpan<byte> oldName, DirectoryHandle to, ReadOnlySpan<byte> newName, int flags);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true)]
    private static partial int LinkAt(
        int from, ReadOnlySpan<byte> oldName, DirectoryHandle to, ReadOnlySpan<byte> newName, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    private static partial int SymlinkAt(ReadOnlySpan<byte> target, DirectoryHandle directory, ReadOnlySpan<byte> name);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeDirectoryAt(DirectoryHandle directory, ReadOnlySpan<byte> name, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true)]
    private static partial int RenameAt(
        DirectoryHandle from, ReadOnlySpan<byte> oldName, DirectoryHandle to, ReadOnlySpan<byte> newName);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static partial int RenameAt2(
        DirectoryHandle from, ReadOnlySpan<byte> oldName, DirectoryHandle to, ReadOnlySpan<byte> newName, uint flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkAt(DirectoryHandle directory, ReadOnlySpan<byte> name, int flags);
}
