namespace Pm.Remotes.Oci;

/// <summary>How an artifact holds what pm runs.</summary>
public enum OciForm
{
    /// <summary>A <c>.pkg</c> as it is (docs/formats/oci.md).</summary>
    Package,

    /// <summary>An eBPF object as it is, as Inspektor Gadget has it.</summary>
    Gadget,

    /// <summary>A <c>package.json</c> of eunomia's as it is (docs/formats/oci.md).</summary>
    Eunomia,

    /// <summary>An eBPF object at the root of a tar archive, which may be compressed, as bpfman has it.</summary>
    Bpfman,
}
