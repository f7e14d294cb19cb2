using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Ebpf.Symbols;

/// <summary>Opens the files that processes have in their memory. The process may be anybody's, and want pm to wait for ever.</summary>
static class ProcessFile
{
    const int MostMounts = 65_536;

    /// <summary>Null where it is no regular file, or cannot be had.</summary>
    public static SafeFileHandle? TryOpen(int pid, ProcessMapping mapping) =>
        mapping.File.StartsWith('/') && mapping.Inode != 0 && IsAnsweredByKernel(pid, mapping.Device) ? TryOpenMapped(pid, mapping) ?? TryOpenNamed(pid, mapping) : null;

    /// <summary>By the mapping itself: whatever has become of the name, and whoever's view of the file systems it is in. Needs CAP_CHECKPOINT_RESTORE. Source: proc_pid_map_files(5).</summary>
    static SafeFileHandle? TryOpenMapped(int pid, ProcessMapping mapping) =>
        Try(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/map_files/{mapping.Start:x}-{mapping.End:x}"));

    /// <summary>By its name, as the process sees it. Something else may lie there by now, even a link that leads out of that view.</summary>
    static SafeFileHandle? TryOpenNamed(int pid, ProcessMapping mapping)
    {
        var file = Try(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root{mapping.File}"));

        // The device is not compared: Btrfs and overlayfs tell files another one than mappings.
        if (file is not null && OpenFile.Status(file).Inode != mapping.Inode)
        {
            file.Dispose();
            return null;
        }

        return file;
    }

    static SafeFileHandle? Try(string path)
    {
        try
        {
            return OpenFile.TryOpenForeign(path);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a file system is one of the kernel's. What a FUSE server never answers, a reader waits for as long; so nothing is asked of a file before this is known.</summary>
    static bool IsAnsweredByKernel(int pid, string device)
    {
        var type = TypeOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/mountinfo"), device) ?? TypeOf("/proc/self/mountinfo", device);

        // What has a number that no disk has, and is mounted nowhere any more, may be of FUSE as well.
        return type is not null ? !type.StartsWith("fuse", StringComparison.Ordinal) && (type is not "overlay" || HasOwnUsers(pid)) : device.Length > 0 && !device.StartsWith("0:", StringComparison.Ordinal);
    }

    /// <summary>Whoever is root among users of his own lays overlays over what his FUSE server has.</summary>
    static bool HasOwnUsers(int pid)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/user")).LinkTarget is { } users && users == new FileInfo("/proc/self/ns/user").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string? TypeOf(string mounts, string device)
    {
        try
        {
            return File.ReadLines(mounts).Take(MostMounts).Select(l => TypeIn(l, device)).FirstOrDefault(t => t is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The type behind the dash, where a line is of that file system. Source: proc_pid_mountinfo(5).</summary>
    internal static string? TypeIn(string line, string device)
    {
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
        return words.Length > 2 && words[2] == device && dash > 0 && dash + 1 < words.Length ? words[dash + 1] : null;
    }
}
