using Pm.Ebpf.Elf;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Knows eBPF objects among files, by what is in them and not by their names.</summary>
static class ObjectFile
{
    /// <summary>Whether <paramref name="path"/> is a file with an eBPF object in it. One that may not be read is none: a program may be run all the same.</summary>
    public static bool Is(string path)
    {
        try
        {
            using var file = OpenFile.TryOpenRead(path);
            Span<byte> head = stackalloc byte[20];
            return file is not null && ElfObject.IsOne(head[..RandomAccess.Read(file, head, 0)]);
        }
        catch (Exception e) when (e is SystemCallException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether the name is one that compilers, or people, give to objects.</summary>
    public static bool IsNamedLikeOne(string path) => path.EndsWith(".o", StringComparison.Ordinal) || path.EndsWith(".bpf", StringComparison.Ordinal);

    /// <summary>What an object is called: its file's name without what says that it is one.</summary>
    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(Path.GetFileName(path) is var name && name.EndsWith(".bpf.o", StringComparison.Ordinal) ? name[..^2] : name);

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
