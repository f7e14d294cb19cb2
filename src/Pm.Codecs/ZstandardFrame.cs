using System.Buffers.Binary;
using Pm.Codecs.Decoding;
using Pm.Codecs.Encoding;
using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>
/// Single Zstandard frames, as a repository keeps blobs in: small ones whole, in one reused context a thread; the largest window
/// is bounded, so that many can be read at once.
/// </summary>
public static unsafe class ZstandardFrame
{
    /// <summary>8 MiB: the largest window that is read, and more than the one that is written.</summary>
    public const int WindowLogMax = 23;

    const int MagicSize = 4;

    /// <summary>Compresses <paramref name="data"/> into one frame.</summary>
    /// <remarks>The same bytes give the same frame with the same library version.</remarks>
    /// <returns>Its length; null where <paramref name="target"/> is too short for it.</returns>
    /// <exception cref="CodecException">The library is missing or failed.</exception>
    public static int? TryCompress(ReadOnlySpan<byte> data, Span<byte> target)
    {
        var context = ZstandardContexts.OfThread.Compressing;

        // What did not fit the last time left it in the middle of a frame.
        LibZstandard.Check(LibZstandard.ZSTD_CCtx_reset(context, LibZstandard.ResetSession), "ZSTD_CCtx_reset");
        Set(context, LibZstandard.CompressionLevel, ZstandardEncoder.DefaultLevel);
        Set(context, LibZstandard.ChecksumFlag, 1);
        fixed (byte* source = data, into = target)
        {
            var length = LibZstandard.ZSTD_compress2(context, into, (nuint)target.Length, source, (nuint)data.Length);
            if (LibZstandard.IsError(length) && LibZstandard.ZSTD_getErrorCode(length) == LibZstandard.TargetTooSmall)
            {
                return null;
            }

            LibZstandard.Check(length, "ZSTD_compress2");
            return (int)length;
        }
    }

    /// <summary>Decompresses one frame.</summary>
    /// <returns>How many bytes it had.</returns>
    /// <exception cref="CodecException">PM8001: not one whole frame, or of more bytes than <paramref name="target"/> takes.</exception>
    public static int Decompress(ReadOnlySpan<byte> frame, Span<byte> target)
    {
        var context = ZstandardContexts.OfThread.Decompressing;

        // Only this format: libzstd may be built with the decoders of those before it.
        if (frame.Length < MagicSize || BinaryPrimitives.ReadUInt32LittleEndian(frame) != CompressionFormat.ZstandardMagic)
        {
            throw CodecException.Corrupt("zstd", 0, "no zstd frame");
        }

        fixed (byte* source = frame, into = target)
        {
            var size = LibZstandard.ZSTD_findFrameCompressedSize(source, (nuint)frame.Length);
            if (LibZstandard.IsError(size) || size != (nuint)frame.Length)
            {
                throw LibZstandard.IsError(size)
                    ? CodecException.Corrupt("zstd", 0, LibZstandard.Text(size))
                    : CodecException.TrailingBytes("zstd", (long)size, "expected one frame");
            }

            var length = LibZstandard.ZSTD_decompressDCtx(context, into, (nuint)target.Length, source, size);
            return LibZstandard.IsError(length)
                ? throw CodecException.Corrupt("zstd", frame.Length, LibZstandard.Text(length))
                : (int)length;
        }
    }

    /// <summary>The plain bytes of a frame as it arrives; see <see cref="Decompressor.Open"/>.</summary>
    public static Stream Read(Stream source, bool leaveOpen = false) =>
        new DecodingStream(source, new ZstandardDecoder(WindowLogMax), leaveOpen);

    static void Set(nint context, int parameter, int value) =>
        LibZstandard.Check(LibZstandard.ZSTD_CCtx_setParameter(context, parameter, value), "ZSTD_CCtx_setParameter");
}
