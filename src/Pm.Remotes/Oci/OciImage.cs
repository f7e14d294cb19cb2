using Pm.Codecs;

namespace Pm.Remotes.Oci;

/// <summary>An artifact of a registry that holds something pm knows.</summary>
public sealed record OciImage
{
    internal OciImage(OciDescriptor blob) => Blob = blob;

    /// <summary>With the digest of its manifest.</summary>
    public required OciReference Reference { get; init; }

    public required OciForm Form { get; init; }

    /// <summary>What it is called in its registry or in the artifact; never a path.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes to be fetched.</summary>
    public long Size => Blob.Size;

    /// <summary>What holds it.</summary>
    internal OciDescriptor Blob { get; }

    /// <summary>Of the archive, where it is one.</summary>
    internal Compression Compression { get; init; }

    /// <summary>Which member of the archive, where labels say it.</summary>
    internal string? Member { get; init; }
}
