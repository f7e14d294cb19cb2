using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// A file mapped for reading: of its bytes those come into memory that are looked at. Only for pm's own files, which are
/// replaced and never cut short, and for what the kernel shows: reading behind a file's new end would end the process. Source: mmap(2).
/// </summary>
public sealed unsafe partial class MappedFile : MemoryManager<byte>
{
    const int ProtectionRead = 1;
    const int Shared = 1;
    const int Private = 2;

    readonly int _length;
    nint _address;

    MappedFile(nint address, int length) => (_address, _length) = (address, length);

    /// <summary>Maps the file <paramref name="name"/>; null when it is not there.</summary>
    /// <exception cref="SystemCallException">EFBIG from 2 GiB on; ENOMEM, EACCES …</exception>
    public static MappedFile? TryOpen(DirectoryHandle directory, string name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        using var file = directory.TryOpenRead(name);
        return file is null ? null : Map(file, Path.Join(directory.Path, name), Shared);
    }

    /// <summary>Maps what the kernel shows at <paramref name="path"/>, where it lets it be mapped: its types since Linux 6.16.</summary>
    /// <exception cref="SystemCallException">ENODEV: it has to be read; ENOENT, EACCES …</exception>
    public static MappedFile OpenShown(string path)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        using var file = directory.OpenRead(Path.GetFileName(path));

        // What is shared with the kernel is refused. Source: btf_sysfs_vmlinux_mmap of Linux.
        return Map(file, path, Private);
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_address == 0 && _length > 0, this);
        return new Span<byte>((void*)_address, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_address + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_address != 0)
        {
            _ = Unmap(_address, _length);
            _address = 0;
        }
    }

    static MappedFile Map(SafeFileHandle file, string path, int flags)
    {
        var size = OpenFile.Status(file).Size;
        if (size > int.MaxValue)
        {
            throw new SystemCallException("mmap", Errno.EFBIG, path);
        }

        if (size == 0)
        {
            return new MappedFile(0, 0);
        }

        var address = Map(0, (nint)size, ProtectionRead, flags, file, 0);
        return address == -1 ? throw SystemCallException.Last("mmap", path) : new MappedFile(address, (int)size);
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nint length);
}
