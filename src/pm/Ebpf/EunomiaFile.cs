using Pm.Ebpf.Eunomia;

namespace Pm.Cli.Ebpf;

/// <summary>Files of eunomia's, by what is in them.</summary>
static class EunomiaFile
{
    /// <param name="path">Absolute.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>Null: it is something else.</returns>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">PM8062, PM8063, PM8067: it is broken.</exception>
    public static EunomiaPackage? TryRead(string path, string name) => ContentRecognition.Of(path) switch
    {
        ContentKind.Eunomia => EunomiaPackage.Parse(ObjectFile.Read(path, name, EunomiaLimits.Package, "PM8062", "a package"), name),
        ContentKind.Archive => EunomiaPackage.Parse(EunomiaArchive.Read(path, name, "").Package, name),
        _ => null,
    };
}
