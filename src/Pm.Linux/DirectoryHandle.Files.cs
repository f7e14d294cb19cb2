using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <content>Opening and making files.</content>
public sealed partial class DirectoryHandle
{
    // O_NONBLOCK: the opening of a pipe nobody writes to would wait for ever.
    static int RegularFlags => OpenFlags.NoFollow | OpenFlags.NonBlocking | OpenFlags.NoTerminal | OpenFlags.CloseOnExec;

    /// <summary>Makes a file with exactly <paramref name="mode"/>, whatever the umask, and opens it for both.</summary>
    /// <param name="exclusive">False: an existing regular file is emptied and keeps its mode.</param>
    /// <exception cref="SystemCallException">EEXIST, ELOOP for a symbolic link, ENOSPC …</exception>
    public SafeFileHandle CreateFile(string name, int mode, bool exclusive = true) =>
        CreateFile(FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]), mode, exclusive);

    /// <inheritdoc cref="CreateFile(string, int, bool)"/>
    public SafeFileHandle CreateFile(ReadOnlySpan<byte> name, int mode, bool exclusive = true)
    {
        FileName.Check(name);
        var file = TryMake(name, mode);
        if (file is not null)
        {
            return file;
        }
        if (exclusive)
        {
            throw SystemCallException.Last("open", PathOf(name));
        }
        file = OpenRegular(name, OpenFlags.ReadWrite);
        return ClosedOnFailure(file, PathOf(name), static (f, p) => FileWriting.Truncate(f, 0, p));
    }

    /// <summary>As <see cref="CreateFile(string, int, bool)"/>; null when the name is taken, by whatever.</summary>
    /// <exception cref="SystemCallException">Anything but EEXIST.</exception>
    public SafeFileHandle? TryCreateFile(string name, int mode) =>
        TryMake(FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]), mode);

    /// <summary>Opens a regular file for reading; a pipe or a device there is refused and never waited for.</summary>
    /// <exception cref="SystemCallException">ENOENT; ELOOP for a symbolic link; EISDIR; EINVAL for other kinds.</exception>
    public SafeFileHandle OpenRead(string name) =>
        OpenRead(FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]));

    /// <inheritdoc cref="OpenRead(string)"/>
    public SafeFileHandle OpenRead(ReadOnlySpan<byte> name) => OpenRegular(name, OpenFlags.ReadOnly);

    /// <summary>As <see cref="OpenRead(string)"/>; null when there is no such file.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT.</exception>
    public SafeFileHandle? TryOpenRead(string name)
    {
        try
        {
            return OpenRead(name);
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Opens a regular file for reading; null when there is none of that name, or something else.</summary>
    /// <exception cref="SystemCallException">The kernel refused, for another reason than that.</exception>
    [SkipLocalsInit]
    public ReadableFile? TryOpenReadable(string name)
    {
        var bytes = FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]);
        var descriptor = OpenRetrying(this, bytes, OpenFlags.ReadOnly | RegularFlags);
        if (descriptor < 0)
        {
            // ENXIO: a socket. Source: open(2).
            return Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ELOOP or Errno.ENXIO
                ? null
                : throw SystemCallException.Last("open", PathOf(bytes));
        }
        var file = new ReadableFile(descriptor, StatusCall.Of(descriptor));
        if (file.Status.IsRegular)
        {
            return file;
        }
        file.Dispose();
        return null;
    }

    /// <summary>Opens an existing regular file for reading and writing.</summary>
    /// <exception cref="SystemCallException">As <see cref="OpenRead(string)"/>.</exception>
    public SafeFileHandle OpenWrite(string name) =>
        OpenRegular(FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]), OpenFlags.ReadWrite);

    /// <summary>Opens a regular file so that every write goes to its end; it is made when it is not there.</summary>
    /// <exception cref="SystemCallException">As <see cref="OpenRead(string)"/>.</exception>
    public SafeFileHandle OpenAppend(string name, int mode)
    {
        var bytes = FileName.TerminateName(name, stackalloc byte[FileName.BufferSize]);
        using var made = TryMake(bytes, mode);
        return OpenRegular(bytes, OpenFlags.ReadWrite | OpenFlags.Append);
    }

    /// <summary>Reads a whole small file; null when it is not there.</summary>
    /// <param name="limit">In bytes; a longer file is refused.</param>
    /// <exception cref="SystemCallException">EFBIG over the limit; else as <see cref="OpenRead(string)"/>.</exception>
    public byte[]? TryReadFile(string name, int limit)
    {
        using var file = TryOpenRead(name);
        return file is null ? null : FileReading.All(file, limit, Joined(name));
    }

    /// <summary>Null, with the P/Invoke error EEXIST set, when the name is taken.</summary>
    SafeFileHandle? TryMake(ReadOnlySpan<byte> name, int mode)
    {
        var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow
            | OpenFlags.CloseOnExec;
        int descriptor;
        do
        {
            descriptor = WriteDoor.Admits("open", this, name) ? OpenAt(this, name, flags, mode) : -1;
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError() == Errno.EEXIST
                ? null
                : throw SystemCallException.Last("open", PathOf(name));
        }
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        return FilePermissions.IsMasked(mode)
            ? ClosedOnFailure(file, PathOf(name), (f, p) => FilePermissions.Set(f, mode, p))
            : file;
    }

    static SafeFileHandle ClosedOnFailure(SafeFileHandle file, string path, Action<SafeFileHandle, string> change)
    {
        try
        {
            change(file, path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // Not through the door: opening what is there changes nothing, and a full disk allows it.
    SafeFileHandle OpenRegular(ReadOnlySpan<byte> name, int access)
    {
        FileName.Check(name);
        var descriptor = OpenRetrying(this, name, access | RegularFlags);
        return descriptor >= 0
            ? RegularOnly(new SafeFileHandle(descriptor, ownsHandle: true), this, name)
            : throw SystemCallException.Last("open", PathOf(name));
    }

    static SafeFileHandle RegularOnly(SafeFileHandle file, DirectoryHandle directory, ReadOnlySpan<byte> path)
    {
        var kind = StatusCall.Of(file, null).Kind;
        if (kind is not FileKind.Regular)
        {
            file.Dispose();
            throw new SystemCallException(
                "open", kind is FileKind.Directory ? Errno.EISDIR : Errno.EINVAL, directory.PathOf(path),
                $"not a regular file but {FileKinds.Phrase(kind)}");
        }
        return file;
    }

    static int OpenRetrying(SafeHandle directory, ReadOnlySpan<byte> name, int flags)
    {
        int descriptor;
        do
        {
            descriptor = OpenAt(directory, name, flags, 0);
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return descriptor;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAt(SafeHandle directory, ReadOnlySpan<byte> path, int flags, int mode);
}
