using Pm.Codecs.Native;

namespace Pm.Codecs.Encoding;

/// <summary>Encodes one .xz stream with a CRC-64, in one thread. Source: lzma/container.h.</summary>
sealed unsafe class XzEncoder : IEncoder
{
    internal const int DefaultLevel = 6;

    readonly NativeStateHandle _state;

    internal XzEncoder(int level)
    {
        SystemLibrary.Require(SystemLibrary.Lzma);
        _state = NativeStateHandle.Of<LzmaState>(state => LibLzma.lzma_end((LzmaState*)state));
        var result = LibLzma.lzma_easy_encoder(_state.Pointer<LzmaState>(), (uint)level, LibLzma.Crc64);
        if (result != LibLzma.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("lzma_easy_encoder", LibLzma.Text(result));
        }
    }

    public void Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written) =>
        Code(input, output, LibLzma.Run, out consumed, out written);

    public bool Finish(Span<byte> output, out int written) =>
        Code([], output, LibLzma.Finish, out _, out written) == LibLzma.StreamEnd;

    public void Dispose() => _state.Dispose();

    int Code(ReadOnlySpan<byte> input, Span<byte> output, int action, out int consumed, out int written)
    {
        var state = _state.Pointer<LzmaState>();
        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (nuint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (nuint)output.Length;
            result = LibLzma.lzma_code(state, action);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        return result is LibLzma.Ok or LibLzma.StreamEnd
            ? result
            : throw CodecException.Refused("lzma_code", LibLzma.Text(result));
    }
}
