using Pm.Codecs;

namespace Pm.Remotes;

/// <summary>The compressed form of a file whose length is signed, beside it as <c>NAME.zst</c>. Source: docs/formats/http.md.</summary>
static class Sibling
{
    /// <summary>Bytes that the compressed form of <paramref name="length"/> bytes has at most, however badly it compresses.</summary>
    public static long MaximumLength(long length) => length + (length / 128) + 1024;

    /// <summary>The plain bytes, never more than <paramref name="length"/>; null where they are not exactly as many, or cannot be decoded.</summary>
    public static byte[]? TryDecode(byte[] compressed, long length)
    {
        try
        {
            using var source = Decompressor.Open(new MemoryStream(compressed, writable: false), Compression.Zstandard);
            var plain = new byte[length];
            source.ReadExactly(plain);
            return source.ReadByte() < 0 ? plain : null;
        }
        catch (Exception exception) when (exception is CodecException or EndOfStreamException)
        {
            return null;
        }
    }
}
