namespace Pm.Cli.Ebpf;

/// <summary>What a file is that is to be run, by what is in it.</summary>
enum ContentKind
{
    /// <summary>None of the others: a program of this machine, or nothing that can be run.</summary>
    Other,

    /// <summary>An eBPF object.</summary>
    Object,

    /// <summary>A package of pm's: <c>.pkg</c>.</summary>
    Package,

    /// <summary>A package of eunomia's: <c>package.json</c>.</summary>
    Eunomia,

    /// <summary>A tar archive that is no package of pm's.</summary>
    Archive,

    /// <summary>A WebAssembly module.</summary>
    WebAssembly,
}
