using Pm.Codecs.Native;

namespace Pm.Codecs.Decoding;

/// <summary>Decodes Zstandard frames and skips skippable ones. Source: RFC 8878, zstd.h.</summary>
sealed unsafe class ZstandardDecoder : IDecoder
{
    /// <summary>A window of 128 MiB: what <c>zstd -d</c> grants without being asked, and the most pm writes.</summary>
    internal const int WindowLogMax = 27;

    readonly NativeStateHandle _context;

    internal ZstandardDecoder()
    {
        SystemLibrary.Require(SystemLibrary.Zstandard);
        var context = LibZstandard.ZSTD_createDCtx();
        if (context == 0)
        {
            throw CodecException.Refused("ZSTD_createDCtx", "out of memory");
        }

        _context = new NativeStateHandle(context, state => _ = LibZstandard.ZSTD_freeDCtx(state));
        LibZstandard.Check(
            LibZstandard.ZSTD_DCtx_setParameter(context, LibZstandard.DecoderWindowLogMax, WindowLogMax),
            "ZSTD_DCtx_setParameter");
    }

    public string Format => "zstd";

    public string Detail { get; private set; } = "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        nuint result;
        fixed (byte* source = input, target = output)
        {
            var from = new ZstandardBuffer { Bytes = source, Size = (nuint)input.Length };
            var to = new ZstandardBuffer { Bytes = target, Size = (nuint)output.Length };
            result = LibZstandard.ZSTD_decompressStream((nint)_context.Pointer<byte>(), &to, &from);
            consumed = (int)from.Position;
            written = (int)to.Position;
        }

        if (!LibZstandard.IsError(result))
        {
            return result == 0 ? DecoderStatus.Ended : DecoderStatus.Inside;
        }

        if (LibZstandard.ZSTD_getErrorCode(result) == LibZstandard.WindowTooLarge)
        {
            Detail = $"a window above {1 << (WindowLogMax - 20)} MiB";
            return DecoderStatus.TooDemanding;
        }

        Detail = LibZstandard.Text(result);
        return DecoderStatus.Corrupt;
    }

    public void Dispose() => _context.Dispose();
}
