using Pm.Codecs.Decoding;

namespace Pm.Codecs;

/// <summary>Opens compressed data for reading.</summary>
public static class Decompressor
{
    /// <summary>The plain bytes of <paramref name="source"/>: every stream or frame in it, one after another.</summary>
    /// <remarks>
    /// Memory is bounded (a window of 128 MiB for zstd, 160 MiB for xz), output is not: the caller limits what it takes.
    /// Reading throws where data is truncated, corrupt or followed by something else; it never ends early in silence.
    /// gzip, bzip2 and xz (unless made without) carry checksums, zstd if its writer put one in.
    /// </remarks>
    /// <exception cref="CodecException">The library is missing; while reading, the data is bad.</exception>
    public static Stream Open(Stream source, Compression compression, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        IDecoder decoder = compression switch
        {
            Compression.None => new StoredDecoder(),
            Compression.Gzip => new GzipDecoder(),
            Compression.Bzip2 => new Bzip2Decoder(),
            Compression.Xz => new XzDecoder(),
            Compression.Zstandard => new ZstandardDecoder(),
            _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "no such compression"),
        };
        return new DecodingStream(source, decoder, leaveOpen);
    }
}
