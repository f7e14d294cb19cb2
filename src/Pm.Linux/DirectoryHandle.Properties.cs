using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <content>Modes, owners, times and the targets of links.</content>
public sealed partial class DirectoryHandle
{
    const int NoFollow = 0x100;
    const int MaximumTarget = 4096;

    /// <summary>Sets the permission, set-id and sticky bits. A symbolic link has none: EOPNOTSUPP.</summary>
    /// <exception cref="SystemCallException">EPERM when it is another user's.</exception>
    [SkipLocalsInit]
    public void SetMode(string name, int mode)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        SetMode(FileName.TerminateName(name, buffer), mode);
    }

    /// <inheritdoc cref="SetMode(string, int)"/>
    public void SetMode(ReadOnlySpan<byte> name, int mode)
    {
        FileName.Check(name);
        if (!WriteDoor.Admits("chmod", this, name)
            || ChangeModeAt(this, name, (uint)(mode & FilePermissions.Bits), NoFollow) != 0)
        {
            throw SystemCallException.Last("chmod", PathOf(name));
        }
    }

    /// <summary>Sets the owner, of a symbolic link its own.</summary>
    /// <exception cref="SystemCallException">EPERM for all but root.</exception>
    [SkipLocalsInit]
    public void SetOwner(string name, uint owner, uint group)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        var bytes = FileName.TerminateName(name, buffer);
        if (!WriteDoor.Admits("chown", this, bytes) || ChangeOwnerAt(this, bytes, owner, group, NoFollow) != 0)
        {
            throw SystemCallException.Last("chown", PathOf(bytes));
        }
    }

    /// <summary>Sets the times of access and modification, of a symbolic link its own.</summary>
    /// <exception cref="SystemCallException">EPERM when it is another user's.</exception>
    [SkipLocalsInit]
    public void SetTimes(string name, DateTimeOffset modified)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        var bytes = FileName.TerminateName(name, buffer);
        var time = TimeSpecification.Of(modified);
        if (!WriteDoor.Admits("utimens", this, bytes) || SetTimesAt(this, bytes, [time, time], NoFollow) != 0)
        {
            throw SystemCallException.Last("utimens", PathOf(bytes));
        }
    }

    /// <summary>Where a symbolic link points to; null when there is no such entry or it is something else.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT and EINVAL.</exception>
    [SkipLocalsInit]
    public string? ReadLink(string name)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        // The kernel keeps targets below PATH_MAX, so this is never cut off. Source: symlink(2), ENAMETOOLONG.
        Span<byte> target = stackalloc byte[MaximumTarget];
        var bytes = FileName.TerminateName(name, buffer);
        var length = ReadLinkAt(this, bytes, target, target.Length);
        if (length >= 0)
        {
            return FileName.Decode(target[..(int)length]);
        }
        return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.EINVAL
            ? null
            : throw SystemCallException.Last("readlink", PathOf(bytes));
    }

    [LibraryImport("libc", EntryPoint = "fchmodat", SetLastError = true)]
    private static partial int ChangeModeAt(DirectoryHandle directory, ReadOnlySpan<byte> name, uint mode, int flags);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    private static partial int ChangeOwnerAt(
        DirectoryHandle directory, ReadOnlySpan<byte> name, uint owner, uint group, int flags);

    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    private static partial int SetTimesAt(
        DirectoryHandle directory, ReadOnlySpan<byte> name, ReadOnlySpan<TimeSpecification> times, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    private static partial nint ReadLinkAt(
        DirectoryHandle directory, ReadOnlySpan<byte> name, Span<byte> target, nint size);
}
