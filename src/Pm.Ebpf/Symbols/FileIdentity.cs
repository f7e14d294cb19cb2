using Pm.Linux;

namespace Pm.Ebpf.Symbols;

/// <summary>A file as it is now: one of another time, or in its place, is another.</summary>
readonly record struct FileIdentity(ulong Device, ulong Inode, long Size, DateTimeOffset Modified, DateTimeOffset Changed)
{
    public static FileIdentity Of(FileStatus file) => new(file.Device, file.Inode, file.Size, file.Modified, file.Changed);
}
