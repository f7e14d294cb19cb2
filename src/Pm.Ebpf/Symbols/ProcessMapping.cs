using System.Globalization;

namespace Pm.Ebpf.Symbols;

/// <summary>A part of a process's memory, and what is there. Source: proc_pid_maps(5).</summary>
/// <param name="start">The first address.</param>
/// <param name="end">The first that is no part of it.</param>
/// <param name="offset">Where in the file it begins.</param>
/// <param name="file">As the process has it: it may lie in another view of the file systems, be removed, or be none.</param>
sealed class ProcessMapping(ulong start, ulong end, ulong offset, string file)
{
    public ulong Start => start;

    public ulong End => end;

    public string File => file;

    /// <summary>The file system, as <c>8:1</c>.</summary>
    public string Device { get; init; } = "";

    public ulong Inode { get; init; }

    /// <summary>Which file it turned out to be; null as long as nobody looked.</summary>
    public FileIdentity? Identity { get; set; }

    /// <summary>It is no file, or none that can be looked into.</summary>
    public bool IsNameless { get; set; }

    /// <summary>Where in the file an address of it lies.</summary>
    public ulong PlaceOf(ulong address) => address - start + offset;

    /// <summary><c>libc.so.6+0x12</c>, counted from the begin of the file.</summary>
    public string NameOf(ulong address) => $"{Path.GetFileName(file)}+0x{PlaceOf(address).ToString("x", CultureInfo.InvariantCulture)}";
}
