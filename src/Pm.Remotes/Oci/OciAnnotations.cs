namespace Pm.Remotes.Oci;

/// <summary>Names of annotations and labels. Sources: OCI image specification 1.1, annotations.md; bpfman's image format.</summary>
static class OciAnnotations
{
    public const string Title = "org.opencontainers.image.title";
    public const string Description = "org.opencontainers.image.description";
    public const string Version = "org.opencontainers.image.version";

    public const string Programs = "io.ebpf.programs";
    public const string Maps = "io.ebpf.maps";

    /// <summary>What all labels of images with eBPF objects begin with: there were others before there were several programs in one (<c>program_name</c>, <c>section_name</c>, <c>program_type</c>).</summary>
    public const string Ebpf = "io.ebpf.";

    /// <summary>One of these: which file is the object.</summary>
    public const string OldFile = "io.ebpf.filename";
}
