using Pm.Ebpf.Elf;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Files with what runs in the kernel.</summary>
static class ObjectFile
{
    /// <summary>Whether it is an eBPF object, by what is in it.</summary>
    public static bool Is(string path) => ContentRecognition.Of(path) is ContentKind.Object;

    /// <summary>Whether the name is one that compilers, or people, give to objects.</summary>
    public static bool IsNamedLikeOne(string path) => path.EndsWith(".o", StringComparison.Ordinal) || path.EndsWith(".bpf", StringComparison.Ordinal);

    /// <summary>What an object is called: its file's name without what says that it is one.</summary>
    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(Path.GetFileName(path) is var name && name.EndsWith(".bpf.o", StringComparison.Ordinal) ? name[..^2] : name);

    /// <summary>The whole file.</summary>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8020: it is larger than any object may be.</exception>
    public static byte[] Read(string path, string? name = null) => Read(path, name ?? path, ElfLimits.Size, "PM8020", "an eBPF object");

    /// <summary>The whole file, where it is no larger than it may be.</summary>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">With <paramref name="code"/>: it is.</exception>
    public static byte[] Read(string path, string name, int limit, string code, string what)
    {
        using var file = OpenFile.TryOpenRead(path) ?? throw new FileNotFoundException(null, name);
        var length = RandomAccess.GetLength(file);
        if (length > limit)
        {
            throw new Pm.Ebpf.EbpfFormatException(code, $"{what}: at most {limit} bytes, got {length}", name);
        }

        using var stream = new FileStream(file, FileAccess.Read, 0);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
