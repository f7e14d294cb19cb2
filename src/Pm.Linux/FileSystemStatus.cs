using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>How full a file system is, and of which type. Source: fstatfs(2).</summary>
/// <param name="Type">For example <c>ext4</c> (also for ext2 and ext3), <c>tmpfs</c>; unknown ones in hex.</param>
/// <param name="FreeBytes">What this user may still write; the part kept for root is not in it.</param>
/// <param name="TotalBytes">In bytes.</param>
/// <param name="FreeInodes">How many files may still be made; some file systems say 0 and mean no limit.</param>
/// <param name="Device">As in <see cref="FileStatus"/>.</param>
public sealed partial record FileSystemStatus(
    string Type, long FreeBytes, long TotalBytes, long FreeInodes, ulong Device)
{
    // Source: linux/magic.h.
    static readonly Dictionary<long, string> Names = new()
    {
        [0xEF53] = "ext4",
        [0x9123683E] = "btrfs",
        [0x58465342] = "xfs",
        [0x01021994] = "tmpfs",
        [0x794C7630] = "overlay",
        [0x6969] = "nfs",
        [0x65735546] = "fuse",
        [0x2FC12FC1] = "zfs",
        [0x858458F6] = "ramfs",
        [0xF2F52010] = "f2fs",
        [0xCA451A4E] = "bcachefs",
        [0x01021997] = "9p",
        [0x4D44] = "vfat",
        [0x2011BAB0] = "exfat",
        [0x73717368] = "squashfs",
        [0xE0F5E1E2] = "erofs",
        [0x9FA0] = "proc",
        [0x62656572] = "sysfs",
        [0x5346544E] = "ntfs",
        [0xFF534D42] = "cifs",
        [0xFE534D42] = "smb2",
        [0x00C36400] = "ceph",
        [0x9660] = "iso9660",
        [0x63677270] = "cgroup2",
    };

    /// <summary>The file system that <paramref name="path"/>, a directory, lies on.</summary>
    /// <exception cref="SystemCallException">ENOENT, ENOTDIR …</exception>
    public static FileSystemStatus Of(string path)
    {
        using var directory = DirectoryHandle.Open(path);
        return Of(directory, path);
    }

    internal static FileSystemStatus Of(SafeHandle file, string path)
    {
        StatFs s = default;
        while (Call(file, ref s) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SystemCallException.Last("statfs", path);
            }
        }
        var unit = s.FragmentSize > 0 ? s.FragmentSize : s.BlockSize;
        var name = Names.GetValueOrDefault(s.Type) ?? string.Create(CultureInfo.InvariantCulture, $"0x{s.Type:x}");
        return new FileSystemStatus(
            name, Bytes(s.Available, unit), Bytes(s.Blocks, unit), (long)Math.Min(s.FreeFiles, long.MaxValue),
            StatusCall.Of(file, path).Device);
    }

    static long Bytes(ulong blocks, long unit) => (long)UInt128.Min((UInt128)blocks * (ulong)unit, long.MaxValue);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int Call(SafeHandle file, ref StatFs status);

    // The same on x86-64 and arm64: fields of 64 bits, and 120 bytes in all. Source: asm-generic/statfs.h.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    struct StatFs
    {
        [FieldOffset(0)] public long Type;
        [FieldOffset(8)] public long BlockSize;
        [FieldOffset(16)] public ulong Blocks;
        [FieldOffset(32)] public ulong Available;
        [FieldOffset(48)] public ulong FreeFiles;
        [FieldOffset(72)] public long FragmentSize;
    }
}
