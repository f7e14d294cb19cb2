using Pm.Ebpf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Eunomia;
using Pm.Linux;

namespace Pm.Stages.Building.Ebpf;

/// <summary>An eBPF object that somebody compiled already: a file with one, or a <c>package.json</c> of eunomia's, which has one in it.</summary>
static class ReadyObject
{
    const int MachineAt = 18;
    const byte Machine = 247; // EM_BPF
    const int HeadSize = 20;

    /// <summary>The object in a file; null: there is no file, or it is something else.</summary>
    /// <param name="directory">Of the file.</param>
    /// <param name="path">Below it.</param>
    public static byte[]? TryRead(string directory, string path)
    {
        using var top = DirectoryHandle.Open(directory);
        using var beneath = Path.GetDirectoryName(path) is { Length: > 0 } below ? top.TryOpenBeneath(below) : null;
        var folder = path.Contains('/', StringComparison.Ordinal) ? beneath : top;
        var name = Path.GetFileName(path);
        if (folder?.Status(name) is not { IsRegular: true, Size: >= HeadSize } status)
        {
            return null;
        }

        if (path.EndsWith(".json", StringComparison.Ordinal))
        {
            return status.Size <= EunomiaLimits.Package ? OfPackage(folder.TryReadFile(name, EunomiaLimits.Package), path) : null;
        }

        using var file = folder.OpenRead(name);
        Span<byte> head = stackalloc byte[HeadSize];
        return RandomAccess.Read(file, head, 0) == HeadSize && head.StartsWith("\u007fELF"u8) && head[MachineAt] == Machine && status.Size <= ElfLimits.Size ? folder.TryReadFile(name, ElfLimits.Size) : null;
    }

    static byte[]? OfPackage(byte[]? json, string path)
    {
        try
        {
            return json is null ? null : EunomiaPackage.Parse(json, path).Content.ToArray();
        }
        catch (EbpfFormatException)
        {
            return null;
        }
    }
}
