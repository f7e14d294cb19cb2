using Pm.Codecs.Native;

namespace Pm.Codecs.Decoding;

/// <summary>Decodes bzip2 streams; libbz2 checks the CRC of each block and stream. Source: the bzip2 manual, 3.3.</summary>
sealed unsafe class Bzip2Decoder : IDecoder
{
    readonly NativeStateHandle _state;
    bool _ended;

    internal Bzip2Decoder()
    {
        SystemLibrary.Require(SystemLibrary.Bzip2);
        _state = NativeStateHandle.Of<Bzip2State>(state => _ = LibBzip2.BZ2_bzDecompressEnd((Bzip2State*)state));
        Initialize();
    }

    public string Format => "bzip2";

    public string Detail { get; private set; } = "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        var state = _state.Pointer<Bzip2State>();
        if (_ended)
        {
            _ = LibBzip2.BZ2_bzDecompressEnd(state);
            Initialize();
            _ended = false;
        }

        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (uint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (uint)output.Length;
            result = LibBzip2.BZ2_bzDecompress(state);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        _ended = result == LibBzip2.StreamEnd;
        Detail = LibBzip2.Text(result);
        return result switch
        {
            LibBzip2.Ok => DecoderStatus.Inside,
            LibBzip2.StreamEnd => DecoderStatus.Ended,
            _ => DecoderStatus.Corrupt,
        };
    }

    public void Dispose() => _state.Dispose();

    void Initialize()
    {
        var result = LibBzip2.BZ2_bzDecompressInit(_state.Pointer<Bzip2State>(), verbosity: 0, small: 0);
        if (result != LibBzip2.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("BZ2_bzDecompressInit", LibBzip2.Text(result));
        }
    }
}
