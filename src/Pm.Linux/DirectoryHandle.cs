using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// An open directory. Every name given to it is one entry of it (never <c>""</c>, <c>.</c>, <c>..</c> or a path), and a
/// symbolic link under that name is never followed, so nobody who may write elsewhere can lead a call out of it.
/// Names given as bytes end in a NUL and spare the conversion where there are thousands.
/// </summary>
public sealed partial class DirectoryHandle : SafeHandleMinusOneIsInvalid
{
    const int CurrentDirectory = -100;

    static int DirectoryFlags => OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec;

    DirectoryHandle(int descriptor, string path) : base(ownsHandle: true)
    {
        SetHandle(descriptor);
        Path = path;
    }

    /// <summary>How it was found; for messages only, since directories are renamed.</summary>
    public string Path { get; }

    /// <summary>Opens <paramref name="path"/>, symbolic links followed: it is for paths the user gave.</summary>
    /// <exception cref="SystemCallException">ENOENT, ENOTDIR, EACCES …</exception>
    public static DirectoryHandle Open(string path) =>
        TryOpen(path) ?? throw SystemCallException.Last("open", path);

    /// <summary>As <see cref="Open"/>; null when there is nothing at <paramref name="path"/>.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT.</exception>
    [SkipLocalsInit]
    public static DirectoryHandle? TryOpen(string path)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        var bytes = FileName.Terminate(path, buffer);
        int descriptor;
        do
        {
            descriptor = OpenAt(CurrentDirectory, bytes, DirectoryFlags, 0);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return Opened(descriptor, path);
    }

    /// <summary>
    /// Opens <paramref name="path"/>; what is missing of it is made with <paramref name="mode"/> from the top down, and
    /// each directory that got a new entry is synced. Source: trust-and-safety 6.1, rule 2.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="mode">Of what is made.</param>
    /// <param name="isDurable">False: what is made may be lost again, and nothing is synced.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static DirectoryHandle OpenOrMake(string path, int mode, bool isDurable = true)
    {
        if (TryOpen(path) is { } found)
        {
            return found;
        }
        var trimmed = System.IO.Path.TrimEndingDirectorySeparator(path);
        var parentPath = System.IO.Path.GetDirectoryName(trimmed);
        using var parent = OpenOrMake(string.IsNullOrEmpty(parentPath) ? "." : parentPath, mode, isDurable);
        parent.MakeOrFindDirectory(System.IO.Path.GetFileName(trimmed), mode);
        if (isDurable)
        {
            parent.Sync();
        }
        return Open(path);
    }

    /// <summary>The status of the directory itself.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public FileStatus Status() => StatusCall.Of(this, Path);

    /// <summary>The status of an entry, or null. A symbolic link is not followed.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT and ENOTDIR.</exception>
    [SkipLocalsInit]
    public FileStatus? Status(string name)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        return StatusCall.Of(this, FileName.TerminateName(name, buffer));
    }

    /// <inheritdoc cref="Status(string)"/>
    public FileStatus? Status(ReadOnlySpan<byte> name)
    {
        FileName.Check(name);
        return StatusCall.Of(this, name);
    }

    /// <summary>Makes the entries of this directory durable. A failure is final: it must not be tried again.</summary>
    /// <exception cref="SystemCallException">EIO, ENOSPC …: what was done here may be lost.</exception>
    public void Sync() => SyncCall.File(this, Path);

    /// <summary>Makes everything on this file system durable. Source: syncfs(2).</summary>
    /// <exception cref="SystemCallException">EIO, ENOSPC …: what was done here may be lost.</exception>
    public void SyncFileSystem() => SyncCall.FileSystem(this, Path);

    /// <summary>How full the file system is, and of which type.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public FileSystemStatus FileSystem() => FileSystemStatus.Of(this, Path);

    internal string PathOf(ReadOnlySpan<byte> name) => System.IO.Path.Join(Path, FileName.Shown(name));

    protected override bool ReleaseHandle()
    {
        Unlock();
        return Close((int)handle) == 0;
    }

    static DirectoryHandle? Opened(int descriptor, string path) =>
        descriptor >= 0 ? new DirectoryHandle(descriptor, path)
        : Marshal.GetLastPInvokeError() == Errno.ENOENT ? null
        : throw SystemCallException.Last("open", path);

    void MakeOrFindDirectory(string name, int mode)
    {
        try
        {
            MakeDirectory(name, mode);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
        {
            // Somebody else made it meanwhile; whether it is a directory shows when it is opened.
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
