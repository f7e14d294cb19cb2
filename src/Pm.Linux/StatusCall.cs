using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>statx(2): unlike struct stat its layout is the same on every architecture. Source: linux/stat.h.</summary>
static partial class StatusCall
{
    const int CurrentDirectory = -100;
    const int NoFollow = 0x100;
    const int EmptyPath = 0x1000;
    const uint BasicStatistics = 0x7ff;
    const uint MountNumber = 0x1000; // STATX_MNT_ID, since Linux 5.8
    const int KindShift = 12;

    [SkipLocalsInit]
    public static FileStatus? Of(string path, bool follow)
    {
        Span<byte> buffer = stackalloc byte[FileName.BufferSize];
        Statx statx = default;
        return Call(CurrentDirectory, FileName.Terminate(path, buffer), follow ? 0 : NoFollow, BasicStatistics, ref statx) == 0
            ? Read(statx)
            : Absent() ? null : throw SystemCallException.Last("statx", path);
    }

    public static FileStatus? Of(DirectoryHandle directory, ReadOnlySpan<byte> name)
    {
        Statx statx = default;
        return Call(directory, name, NoFollow, BasicStatistics, ref statx) == 0
            ? Read(statx)
            : Absent() ? null : throw SystemCallException.Last("statx", directory.PathOf(name));
    }

    public static FileStatus Of(SafeHandle file, string? path)
    {
        Statx statx = default;
        return Call(file, "\0"u8, EmptyPath, BasicStatistics, ref statx) == 0
            ? Read(statx)
            : throw SystemCallException.Last("statx", path ?? OpenFile.PathOf(file));
    }

    public static FileStatus Of(int descriptor)
    {
        Statx statx = default;
        return Call(descriptor, "\0"u8, EmptyPath, BasicStatistics, ref statx) == 0
            ? Read(statx)
            : throw SystemCallException.Last("statx", $"descriptor {descriptor}");
    }

    /// <summary>The number of the mount that an open file was reached by; null when the kernel does not tell it here.</summary>
    public static ulong? MountOf(SafeHandle file)
    {
        Statx statx = default;
        return Call(file, "\0"u8, EmptyPath, MountNumber, ref statx) == 0 && (statx.Known & MountNumber) != 0 ? statx.Mount : null;
    }

    static bool Absent() => Marshal.GetLastPInvokeError() is Errno.ENOENT or Errno.ENOTDIR;

    static FileStatus Read(in Statx x) => new(
        (FileKind)(x.Mode >> KindShift), x.Mode & 0xfff, x.Owner, x.Group, (long)x.Size, x.Inode,
        ((ulong)x.DeviceMajor << 32) | x.DeviceMinor, x.Links, x.Modified.ToDateTimeOffset())
    {
        Changed = x.Changed.ToDateTimeOffset(),
        AllocatedSize = (long)x.Blocks * 512,
    };

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Call(int directory, ReadOnlySpan<byte> path, int flags, uint mask, ref Statx status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Call(SafeHandle directory, ReadOnlySpan<byte> path, int flags, uint mask, ref Statx status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Statx
    {
        [FieldOffset(0)] public uint Known;
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Owner;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(48)] public ulong Blocks;
        [FieldOffset(96)] public Timestamp Changed;
        [FieldOffset(112)] public Timestamp Modified;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
        [FieldOffset(144)] public ulong Mount;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Timestamp
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;

        // A file system may hold any 64-bit time, and a hostile one will.
        public readonly DateTimeOffset ToDateTimeOffset() =>
            Seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() ? DateTimeOffset.MinValue
            : Seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.MaxValue
            : DateTimeOffset.FromUnixTimeSeconds(Seconds).AddTicks(Nanoseconds / TimeSpan.NanosecondsPerTick);
    }
}
