namespace Pm.Remotes.Oci;

/// <summary>Names of annotations and labels. Sources: OCI image specification 1.1, annotations.md; bpfman's image format.</summary>
static class OciAnnotations
{
    public const string Title = "org.opencontainers.image.title";
    public const string Description = "org.opencontainers.image.description";
    public const string Version = "org.opencontainers.image.version";

    public const string Programs = "io.ebpf.programs";
    public const string Maps = "io.ebpf.maps";

    /// <summary>Labels of images that bpfman made before there were several programs in one.</summary>
    public const string OldProgram = "io.ebpf.program_name";
    public const string OldFunction = "io.ebpf.bpf_function_name";
    public const string OldFile = "io.ebpf.filename";
}
