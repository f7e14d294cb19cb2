using Pm.Codecs.Native;

namespace Pm.Codecs.Encoding;

/// <summary>Encodes one gzip member without name or time. Source: RFC 1952, zlib.h.</summary>
sealed unsafe class GzipEncoder : IEncoder
{
    internal const int DefaultLevel = 6;

    readonly NativeStateHandle _state;

    internal GzipEncoder(int level)
    {
        SystemLibrary.Require(SystemLibrary.Zlib);
        _state = NativeStateHandle.Of<ZlibState>(state => _ = LibZlib.deflateEnd((ZlibState*)state));
        var result = LibZlib.deflateInit2_(
            _state.Pointer<ZlibState>(), level, LibZlib.Deflated, LibZlib.GzipWindowBits, LibZlib.MemoryLevel,
            strategy: 0, LibZlib.zlibVersion(), sizeof(ZlibState));
        if (result != LibZlib.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("deflateInit2", $"zlib error {result}");
        }
    }

    public void Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written) =>
        Deflate(input, output, LibZlib.NoFlush, out consumed, out written);

    public bool Finish(Span<byte> output, out int written) =>
        Deflate([], output, LibZlib.Finish, out _, out written) == LibZlib.StreamEnd;

    public void Dispose() => _state.Dispose();

    int Deflate(ReadOnlySpan<byte> input, Span<byte> output, int flush, out int consumed, out int written)
    {
        var state = _state.Pointer<ZlibState>();
        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (uint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (uint)output.Length;
            result = LibZlib.deflate(state, flush);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        return result is LibZlib.Ok or LibZlib.StreamEnd or LibZlib.BufferError
            ? result
            : throw CodecException.Refused("deflate", LibZlib.Text(state->Message, result));
    }
}
