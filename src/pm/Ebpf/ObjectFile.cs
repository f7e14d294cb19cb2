using Pm.Ebpf.Elf;

namespace Pm.Cli.Ebpf;

/// <summary>Knows eBPF objects among files, by what is in them and not by their names.</summary>
static class ObjectFile
{
    /// <summary>Whether <paramref name="path"/> is a file with an eBPF object in it.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> head = stackalloc byte[20];
        using var file = File.OpenHandle(path);
        return ElfObject.IsOne(head[..Math.Max(RandomAccess.Read(file, head, 0), 0)]);
    }

    /// <summary>The whole file.</summary>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8020: it is larger than any object may be.</exception>
    public static byte[] Read(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= ElfLimits.Size
            ? File.ReadAllBytes(path)
            : throw new Pm.Ebpf.EbpfFormatException("PM8020", $"an eBPF object: at most {ElfLimits.Size} bytes, got {length}", path);
    }
}
