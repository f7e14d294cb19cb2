using Pm.Codecs.Native;

namespace Pm.Codecs.Decoding;

/// <summary>Decodes gzip members; zlib checks each one's CRC-32 and length. Source: RFC 1952.</summary>
/// <remarks>Not GZipStream, which takes a truncated member for a whole one and ignores what follows the last.</remarks>
sealed unsafe class GzipDecoder : IDecoder
{
    readonly NativeStateHandle _state;
    bool _ended;

    internal GzipDecoder()
    {
        SystemLibrary.Require(SystemLibrary.Zlib);
        _state = NativeStateHandle.Of<ZlibState>(state => _ = LibZlib.inflateEnd((ZlibState*)state));
        var result = LibZlib.inflateInit2_(
            _state.Pointer<ZlibState>(), LibZlib.GzipWindowBits, LibZlib.zlibVersion(), sizeof(ZlibState));
        if (result != LibZlib.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("inflateInit2", $"zlib error {result}");
        }
    }

    public string Format => "gzip";

    public string Detail { get; private set; } = "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        var state = _state.Pointer<ZlibState>();
        if (_ended)
        {
            _ = LibZlib.inflateReset(state);
            _ended = false;
        }

        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (uint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (uint)output.Length;
            result = LibZlib.inflate(state, LibZlib.NoFlush);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        return Status(result, state->Message);
    }

    public void Dispose() => _state.Dispose();

    DecoderStatus Status(int result, byte* message)
    {
        switch (result)
        {
            case LibZlib.Ok or LibZlib.BufferError:
                return DecoderStatus.Inside;
            case LibZlib.StreamEnd:
                _ended = true;
                return DecoderStatus.Ended;
            case LibZlib.NeedDictionary:
                Detail = "a preset dictionary, which gzip does not have";
                return DecoderStatus.Corrupt;
            default:
                Detail = LibZlib.Text(message, result);
                return DecoderStatus.Corrupt;
        }
    }
}
