using Pm.Codecs;

namespace Pm.Remotes.Oci;

/// <summary>What the parts of an artifact are. Sources: OCI image specification 1.1; the documentation of bpfman and Inspektor Gadget.</summary>
static class OciMediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string ImageConfiguration = "application/vnd.oci.image.config.v1+json";
    public const string Empty = "application/vnd.oci.empty.v1+json";

    public const string PlainLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string CompressedLayer = PlainLayer + "+gzip";
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    public const string Package = "application/vnd.pm.package.v1";
    public const string PackageLayer = "application/vnd.pm.package.v1+tar";

    /// <summary>eunomia itself has no form for these.</summary>
    public const string Eunomia = "application/vnd.pm.eunomia.v1";
    public const string EunomiaLayer = "application/vnd.pm.eunomia.v1+json";

    /// <summary>As tools that push any file call it.</summary>
    public const string Json = "application/json";

    public const string Gadget = "application/vnd.gadget.v1+binary";
    public const string GadgetProgram = "application/vnd.gadget.ebpf.program.v1+binary";
    public const string GadgetConfiguration = "application/vnd.gadget.config.v1+yaml";

    /// <summary>Modules for WebAssembly, as ecli and Inspektor Gadget have them.</summary>
    public static readonly IReadOnlyList<string> WebAssembly = ["application/vnd.wasm.content.layer.v1+wasm", "application/vnd.gadget.wasm.program.v1+binary"];

    /// <summary>How a layer that is an archive of files is compressed; null: it is no such layer.</summary>
    public static Compression? CompressionOf(string type) => type switch
    {
        PlainLayer or DockerLayer => Compression.None,
        CompressedLayer or DockerLayer + ".gzip" => Compression.Gzip,
        PlainLayer + "+zstd" or DockerLayer + ".zstd" => Compression.Zstandard,
        _ => null,
    };

    /// <summary>All that a manifest may come as.</summary>
    public const string AnyManifest = $"{Manifest}, {Index}, {DockerManifest}, {DockerIndex}";
}
