using Microsoft.Win32.SafeHandles;
using Pm.Cli.Commands.Packages;
using Pm.Ebpf.Eunomia;
using Pm.Linux;
using Pm.Storage.Packing;

namespace Pm.Cli.Ebpf;

/// <summary>Runs what runs in the kernel, in whichever form it came.</summary>
static class EbpfRun
{
    const string ReleasePath = "/proc/sys/kernel/osrelease";

    /// <param name="context">The world.</param>
    /// <param name="source">Of a kind that runs in the kernel.</param>
    /// <param name="choices">What the command line says of it.</param>
    /// <param name="arguments">Its own flags.</param>
    public static ExitCode Run(PmContext context, RunSource source, ObjectChoices choices, string[] arguments)
    {
        if (source.Kind is ContentKind.Object)
        {
            return ObjectRun.Run(context, source, choices, arguments);
        }

        if (source.Kind is ContentKind.Eunomia)
        {
            var bytes = ObjectFile.Read(source.Path, source.Name, EunomiaLimits.Package, "PM8062", "a package");
            return EunomiaRun.Run(context, source.Name, EunomiaPackage.Parse(bytes, source.Name), choices, arguments);
        }

        var archive = EunomiaArchive.Read(source.Path, source.Name, File.ReadAllText(ReleasePath).Trim());
        using var types = KernelTypes(context, archive, choices);
        return EunomiaRun.Run(
            context, source.Name, EunomiaPackage.Parse(archive.Package, source.Name),
            types is null ? choices : choices with { TypesPath = $"/proc/self/fd/{types.DangerousGetHandle()}" }, arguments);
    }

    /// <summary>The types that the archive has for a kernel that does not say them, in a file that libbpf can open; null where they are not needed.</summary>
    static SafeFileHandle? KernelTypes(PmContext context, EunomiaArchive archive, ObjectChoices choices)
    {
        if (archive.KernelTypes is not { } types || choices.TypesPath is not null || File.Exists(Pm.Ebpf.Probing.KernelProbe.TypesPath))
        {
            return null;
        }

        var folder = Scratch.Folder(context);
        var file = ScratchFile.CreateHandle(folder);
        FileWriting.Stream(file, folder).Write(types.Span);
        return file;
    }
}
