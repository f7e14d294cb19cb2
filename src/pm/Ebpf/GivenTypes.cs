using Pm.Cli.Commands.Packages;
using Pm.Ebpf;
using Pm.Ebpf.Btf;

namespace Pm.Cli.Ebpf;

/// <summary>A kernel's types as a file has them, or a directory that is a copy of <c>/sys/kernel/btf</c>.</summary>
/// <param name="Types">The kernel's own.</param>
/// <param name="Digest">What a description of the kernel calls them by.</param>
/// <param name="Modules">Those of its modules; null: a file does not have them.</param>
sealed record GivenTypes(BtfFile Types, string Digest, ModuleTypes? Modules)
{
    const string Kernel = "vmlinux";

    /// <exception cref="CommandException">PM0008: there is no such file.</exception>
    /// <exception cref="EbpfFormatException">PM8021: they are no types.</exception>
    public static GivenTypes Read(PmContext context, string path)
    {
        var isDirectory = Directory.Exists(context.FullPath(path));
        var named = isDirectory ? Path.Join(path, Kernel) : path;
        using var file = InputFile.Open(context, named);
        var bytes = KernelTypes.Read(file, named);
        var types = BtfFile.Parse(bytes, named);
        return new GivenTypes(types, TypesDigest.Of(bytes), isDirectory ? new ModuleTypes(types, ReadModules(context, path)) : null);
    }

    static IEnumerable<ModuleBytes> ReadModules(PmContext context, string folder)
    {
        long left = BtfLimits.ModulesSize;
        foreach (var name in Directory.EnumerateFiles(context.FullPath(folder)).Select(p => Path.GetFileName(p)).Where(n => n != Kernel).Order(StringComparer.Ordinal))
        {
            var path = Path.Join(folder, name);
            using var file = InputFile.Open(context, path);
            left -= file.Length;
            var bytes = new byte[left >= 0 ? file.Length : throw new EbpfFormatException("PM8021", $"the types of modules: at most {BtfLimits.ModulesSize} bytes in all, got more", path)];
            file.ReadExactly(bytes);
            yield return new ModuleBytes(name, bytes);
        }
    }
}
