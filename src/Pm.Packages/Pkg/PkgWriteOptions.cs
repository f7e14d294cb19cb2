using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>How a <c>.pkg</c> is written.</summary>
public sealed record PkgWriteOptions
{
    public static PkgWriteOptions Default { get; } = new();

    /// <summary>Of root.tar; the original knows bzip2 only.</summary>
    public Compression Compression { get; init; } = Compression.Zstandard;

    /// <summary>Null: the codec's usual one.</summary>
    public int? Level { get; init; }

    /// <summary>Makes the armoured detached signature over the bytes of the manifest; null: unsigned.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Sign { get; init; }

    /// <summary>The publisher's manifest, for a package that is rebuilt from blobs.</summary>
    public ReadOnlyMemory<byte>? OriginManifest { get; init; }

    public ReadOnlyMemory<byte>? OriginSignature { get; init; }
}
