using Pm.Codecs.Encoding;

namespace Pm.Codecs;

/// <summary>Opens a stream that compresses.</summary>
public static class Compressor
{
    /// <summary>Compresses into <paramref name="target"/> what is written; disposing the stream ends the compressed data.</summary>
    /// <remarks>
    /// The same bytes at the same level give the same output with the same library version, however they are cut into
    /// writes. Levels: gzip and bzip2 1–9, xz 0–9, zstd 1–22; without one, what balances size and time.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The format has no such level.</exception>
    /// <exception cref="CodecException">The library is missing.</exception>
    public static Stream Open(Stream target, Compression compression, int? level = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        IEncoder encoder = compression switch
        {
            Compression.None => new StoredEncoder(),
            Compression.Gzip => new GzipEncoder(Level(level, GzipEncoder.DefaultLevel, 1, 9)),
            Compression.Bzip2 => new Bzip2Encoder(Level(level, Bzip2Encoder.DefaultLevel, 1, 9)),
            Compression.Xz => new XzEncoder(Level(level, XzEncoder.DefaultLevel, 0, 9)),
            Compression.Zstandard => new ZstandardEncoder(Level(level, ZstandardEncoder.DefaultLevel, 1, 22)),
            _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "no such compression"),
        };
        return new EncodingStream(target, encoder, leaveOpen);
    }

    static int Level(int? level, int standard, int least, int most)
    {
        var chosen = level ?? standard;
        ArgumentOutOfRangeException.ThrowIfLessThan(chosen, least, nameof(level));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chosen, most, nameof(level));
        return chosen;
    }
}
