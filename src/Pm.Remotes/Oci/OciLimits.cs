namespace Pm.Remotes.Oci;

/// <summary>What a registry may give at most.</summary>
static class OciLimits
{
    /// <summary>Bytes of a manifest or index. Source: OCI distribution specification 1.1, "Pushing manifests".</summary>
    public const int Manifest = 4 << 20;

    /// <summary>Bytes of an image's configuration.</summary>
    public const int Configuration = 4 << 20;

    /// <summary>Bytes of an answer with a token.</summary>
    public const int Token = 64 << 10;

    /// <summary>Bytes of an eBPF object, or of the layer that has it.</summary>
    public const int Object = 64 << 20;

    /// <summary>Bytes of that layer when it is decompressed, with all that is skipped in it.</summary>
    public const int Unpacked = 128 << 20;

    /// <summary>Bytes of a package.</summary>
    public const long Package = 64L << 30;

    /// <summary>Entries of an index, and layers of a manifest.</summary>
    public const int Entries = 256;

    /// <summary>Members of the layer that has the object.</summary>
    public const int Members = 1024;
}
