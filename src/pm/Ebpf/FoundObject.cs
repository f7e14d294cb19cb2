using Pm.Ebpf.Eunomia;

namespace Pm.Cli.Ebpf;

/// <summary>An eBPF object that a word of the command line means.</summary>
/// <param name="Name">The file or URL, or its path in a package, with the package before it.</param>
/// <param name="Bytes">All of it.</param>
sealed record FoundObject(string Name, byte[] Bytes)
{
    /// <summary>Of eunomia's, that it is in; null: of none.</summary>
    public EunomiaPackage? Package { get; init; }
}
