using Pm.Packages.Manifests;

namespace Pm.Stages.Building.Ebpf;

/// <summary>A program of a package that is compiled for the kernel.</summary>
/// <param name="Name">What it is called: the command, and the object.</param>
/// <param name="Source">The path of its source below the project.</param>
sealed record EbpfModule(string Name, string Source)
{
    const string Suffix = ".bpf.c";

    /// <summary>Where the object lies in the package.</summary>
    public string ObjectPath => $"lib/bpf/{Name}.bpf.o";

    /// <summary>The command that runs it.</summary>
    public string CommandPath => $"bin/{Name}";

    /// <summary>Those modules of a manifest whose source is an eBPF program in C; without a source, <c>NAME.bpf.c</c>.</summary>
    public static IReadOnlyList<EbpfModule> Of(Manifest manifest, Func<string, bool> hasFile) =>
        [.. manifest.Modules.Where(m => manifest.Dependencies.All(d => d.Module is null || d.Name.Text != m.Name))
            .Select(m => new EbpfModule(m.Name, Plain(m.Source) ?? m.Name + Suffix))
            .Where(m => m.Source.EndsWith(Suffix, StringComparison.Ordinal) && hasFile(m.Source))];

    static string? Plain(string? path) => path?.StartsWith("./", StringComparison.Ordinal) == true ? path[2..] : path;
}
