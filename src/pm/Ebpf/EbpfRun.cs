using Pm.Cli.Commands.Packages;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Eunomia;
using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Runs what runs in the kernel, in whichever form it came.</summary>
static class EbpfRun
{
    /// <summary>For who looks at the process.</summary>
    const string TypesName = "pm-kernel-types";

    /// <param name="context">The world.</param>
    /// <param name="source">Of a kind that runs in the kernel.</param>
    /// <param name="choices">What the command line says of it.</param>
    /// <param name="arguments">Its own flags.</param>
    public static ExitCode Run(PmContext context, RunSource source, ObjectChoices choices, string[] arguments) => Run(context, source, choices, arguments, () => ThisKernel.Current);

    /// <param name="context">The world.</param>
    /// <param name="source">Of a kind that runs in the kernel.</param>
    /// <param name="choices">What the command line says of it.</param>
    /// <param name="arguments">Its own flags.</param>
    /// <param name="kernel">The kernel that is to run it, asked for where it matters.</param>
    internal static ExitCode Run(PmContext context, RunSource source, ObjectChoices choices, string[] arguments, Func<ThisKernel> kernel)
    {
        using var given = GivenTypes(context, choices.TypesPath);
        choices = given is null ? choices : choices with { TypesPath = given.Path };
        if (source.Kind is ContentKind.Object)
        {
            return ObjectRun.Run(context, source, choices, arguments);
        }

        // Messages name what the bytes are, not how one asks for them.
        var shown = source.Name == RunSources.StandardInput ? "standard input" : source.Name;
        if (source.Kind is ContentKind.Eunomia)
        {
            var bytes = ObjectFile.Read(source.Path, shown, EunomiaLimits.Package, "PM8062", "a package");
            return EunomiaRun.Run(context, source.Name, EunomiaPackage.Parse(bytes, shown), choices, arguments);
        }

        var here = kernel();
        var archive = EunomiaArchive.Read(source.Path, shown, here.Release);
        using var types = TypesFile(shown, archive, choices, here);
        return EunomiaRun.Run(
            context, source.Name, EunomiaPackage.Parse(archive.Package, shown),
            types is null ? choices : choices with { TypesPath = types.Path }, arguments);
    }

    /// <summary>The types in a file, as they were looked at: libbpf would open it anew, and it may be another by then. Null: no file is named.</summary>
    /// <exception cref="CommandException">PM0008: there is no such file.</exception>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8021: it has no types, or such as contradict themselves.</exception>
    static MemoryFile? GivenTypes(PmContext context, string? path)
    {
        if (path is null)
        {
            return null;
        }

        using var file = InputFile.Open(context, path);
        var types = KernelTypes.Read(file, path);
        BtfFile.Parse(types, path).RequireSound();
        return MemoryFile.Create(TypesName, types);
    }

    /// <summary>The types that the archive has for a kernel that does not say them, in a file that libbpf can open; null where they are not needed.</summary>
    static MemoryFile? TypesFile(string name, EunomiaArchive archive, ObjectChoices choices, ThisKernel kernel)
    {
        if (archive.KernelTypes is not { } types || choices.TypesPath is not null || kernel.HasTypes)
        {
            return null;
        }

        BtfFile.Parse(types, name).RequireSound();
        return MemoryFile.Create(TypesName, types.Span);
    }
}
