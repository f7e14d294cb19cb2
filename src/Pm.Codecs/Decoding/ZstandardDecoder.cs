using Pm.Codecs.Native;

namespace Pm.Codecs.Decoding;

/// <summary>Decodes Zstandard frames and skips skippable ones. Source: RFC 8878, zstd.h.</summary>
sealed unsafe class ZstandardDecoder : IDecoder
{
    /// <summary>A window of 128 MiB: what <c>zstd -d</c> grants without being asked, and the most pm writes.</summary>
    internal const int WindowLogMax = 27;

    const int MagicSize = 4;

    readonly NativeStateHandle _context;
    readonly int _windowLogMax;
    uint _magic;
    int _magicSize;

    internal ZstandardDecoder(int windowLogMax = WindowLogMax)
    {
        _windowLogMax = windowLogMax;
        SystemLibrary.Require(SystemLibrary.Zstandard);
        var context = LibZstandard.ZSTD_createDCtx();
        if (context == 0)
        {
            throw CodecException.Refused("ZSTD_createDCtx", "out of memory");
        }

        _context = new NativeStateHandle(context, state => _ = LibZstandard.ZSTD_freeDCtx(state));
        LibZstandard.Check(
            LibZstandard.ZSTD_DCtx_setParameter(context, LibZstandard.DecoderWindowLogMax, windowLogMax),
            "ZSTD_DCtx_setParameter");
    }

    public string Format => "zstd";

    public string Detail { get; private set; } = "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        if (!BeginsFrame(input))
        {
            (consumed, written) = (0, 0);
            Detail = "no zstd frame";
            return DecoderStatus.Corrupt;
        }

        nuint result;
        fixed (byte* source = input, target = output)
        {
            var from = new ZstandardBuffer { Bytes = source, Size = (nuint)input.Length };
            var to = new ZstandardBuffer { Bytes = target, Size = (nuint)output.Length };
            result = LibZstandard.ZSTD_decompressStream((nint)_context.Pointer<byte>(), &to, &from);
            consumed = (int)from.Position;
            written = (int)to.Position;
        }

        return Status(result);
    }

    public void Dispose() => _context.Dispose();

    /// <summary>Whether the first bytes of a frame, which may come one by one, are those of RFC 8878.</summary>
    /// <remarks>libzstd may be built with the decoders of the formats before it, which see less testing and no limits.</remarks>
    bool BeginsFrame(ReadOnlySpan<byte> input)
    {
        for (; !input.IsEmpty && _magicSize < MagicSize; input = input[1..])
        {
            _magic |= (uint)input[0] << (8 * _magicSize);
            _magicSize++;
        }

        var known = (uint)((1UL << (8 * _magicSize)) - 1);
        return ((_magic ^ CompressionFormat.ZstandardMagic) & known) == 0
            || ((_magic ^ CompressionFormat.SkippableMagic) & known & CompressionFormat.SkippableMask) == 0;
    }

    DecoderStatus Status(nuint result)
    {
        if (result == 0)
        {
            (_magic, _magicSize) = (0, 0);
            return DecoderStatus.Ended;
        }

        if (!LibZstandard.IsError(result))
        {
            return DecoderStatus.Inside;
        }

        if (LibZstandard.ZSTD_getErrorCode(result) == LibZstandard.WindowTooLarge)
        {
            Detail = $"a window above {1 << (_windowLogMax - 20)} MiB";
            return DecoderStatus.TooDemanding;
        }

        Detail = LibZstandard.Text(result);
        return DecoderStatus.Corrupt;
    }
}
