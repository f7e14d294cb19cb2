using Pm.Codecs.Native;

namespace Pm.Codecs.Decoding;

/// <summary>Decodes .xz streams and the padding between them. Source: the .xz file format 1.1.0, lzma/container.h.</summary>
sealed unsafe class XzDecoder : IDecoder
{
    /// <summary>In bytes. <c>xz -9</c>, the most its presets ask for, takes 65 MiB to decode.</summary>
    internal const ulong MemoryLimit = 160 << 20;

    readonly NativeStateHandle _state;

    internal XzDecoder()
    {
        SystemLibrary.Require(SystemLibrary.Lzma);
        _state = NativeStateHandle.Of<LzmaState>(state => LibLzma.lzma_end((LzmaState*)state));
        var result = LibLzma.lzma_stream_decoder(
            _state.Pointer<LzmaState>(), MemoryLimit, LibLzma.Concatenated | LibLzma.TellUnsupportedCheck);
        if (result != LibLzma.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("lzma_stream_decoder", LibLzma.Text(result));
        }
    }

    public string Format => "xz";

    public string Detail { get; private set; } = "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        var state = _state.Pointer<LzmaState>();
        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (nuint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (nuint)output.Length;
            result = LibLzma.lzma_code(state, last ? LibLzma.Finish : LibLzma.Run);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        switch (result)
        {
            case LibLzma.Ok or LibLzma.BufferError:
                return DecoderStatus.Inside;
            case LibLzma.StreamEnd:
                return DecoderStatus.Ended;
            case LibLzma.MemoryError or LibLzma.MemoryLimitError:
                Detail = $"{LibLzma.lzma_memusage(state) >> 20} MiB, at most {MemoryLimit >> 20} MiB are granted";
                return DecoderStatus.TooDemanding;
            default:
                Detail = LibLzma.Text(result);
                return DecoderStatus.Corrupt;
        }
    }

    public void Dispose() => _state.Dispose();
}
