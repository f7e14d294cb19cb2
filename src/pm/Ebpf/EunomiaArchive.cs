using System.Runtime.InteropServices;
using Pm.Ebpf;
using Pm.Ebpf.Eunomia;
using Pm.Packages.Tar;

namespace Pm.Cli.Ebpf;

/// <summary>A tar archive as eunomia's compiler writes it: <c>package.json</c>, its object, and types of kernels that do not say them.</summary>
/// <param name="Package">The bytes of <c>package.json</c>.</param>
/// <param name="KernelTypes">Those of this machine's kernel; null where there are none.</param>
sealed record EunomiaArchive(ReadOnlyMemory<byte> Package, ReadOnlyMemory<byte>? KernelTypes)
{
    public const string PackageName = "package.json";

    /// <summary>Bytes of a kernel's types; a minimised file has some hundred kilobytes.</summary>
    const int MostTypes = 64 << 20;

    /// <param name="path">The archive.</param>
    /// <param name="where">Its name, for messages.</param>
    /// <param name="release">What the kernel is called: <c>6.1.0-18-amd64</c>.</param>
    /// <exception cref="EbpfFormatException">PM8067: it has no <c>package.json</c>, or one that is too large.</exception>
    /// <exception cref="Pm.Packages.PackageFormatException">It is no archive.</exception>
    public static EunomiaArchive Read(string path, string where, string release)
    {
        byte[]? package = null, types = null;
        using var file = File.OpenRead(path);
        var reader = new TarReader(file, TarLimits.Default, where);
        while (reader.Next() is { } entry)
        {
            var name = PlainName(entry.Path);
            if (name == PackageName && entry.Kind is TarEntryKind.File && package is null)
            {
                package = Take(reader, entry, EunomiaLimits.Package, where);
            }
            else if (types is null && entry.Kind is TarEntryKind.File && name.EndsWith($"/{Architecture}/{release}.btf", StringComparison.Ordinal))
            {
                types = Take(reader, entry, MostTypes, where);
            }
        }

        return package is null
            ? throw new EbpfFormatException("PM8067", $"an archive without `{PackageName}`", where, "`pm unpack` takes an archive apart")
            : new EunomiaArchive(package, types is null ? (ReadOnlyMemory<byte>?)null : types);
    }

    /// <summary>As it is written without <c>./</c>.</summary>
    public static string PlainName(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;

    /// <summary>How these archives call that of this machine.</summary>
    internal static string Architecture => RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x86_64";

    static byte[] Take(TarReader reader, TarEntry entry, int limit, string where)
    {
        if (entry.Size > limit)
        {
            throw new EbpfFormatException("PM8067", $"{entry.Path}: at most {limit} bytes, got {entry.Size}", where);
        }

        var bytes = new byte[entry.Size];
        reader.Data.ReadExactly(bytes);
        return bytes;
    }
}
