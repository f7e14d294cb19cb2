using Pm.Ebpf.Eunomia;

namespace Pm.Cli.Ebpf;

/// <summary>Files of eunomia's, by what is in them.</summary>
static class EunomiaFile
{
    /// <returns>Null: it is something else.</returns>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8062, PM8063, PM8067: it is broken.</exception>
    public static EunomiaPackage? TryRead(PmContext context, string file)
    {
        var path = context.FullPath(file);
        return ContentRecognition.Of(path) switch
        {
            ContentKind.Eunomia => EunomiaPackage.Parse(ObjectFile.Read(path, file, EunomiaLimits.Package, "PM8062", "a package"), file),
            ContentKind.Archive => EunomiaPackage.Parse(EunomiaArchive.Read(path, file, "").Package, file),
            _ => null,
        };
    }
}
