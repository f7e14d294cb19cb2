using Pm.Codecs.Native;

namespace Pm.Codecs.Encoding;

/// <summary>Encodes one bzip2 stream. Source: the bzip2 manual, 3.3.</summary>
sealed unsafe class Bzip2Encoder : IEncoder
{
    /// <summary>Blocks of 900 kB, as the bzip2 program's.</summary>
    internal const int DefaultLevel = 9;

    readonly NativeStateHandle _state;

    internal Bzip2Encoder(int level)
    {
        SystemLibrary.Require(SystemLibrary.Bzip2);
        _state = NativeStateHandle.Of<Bzip2State>(state => _ = LibBzip2.BZ2_bzCompressEnd((Bzip2State*)state));
        var result = LibBzip2.BZ2_bzCompressInit(_state.Pointer<Bzip2State>(), level, verbosity: 0, workFactor: 0);
        if (result != LibBzip2.Ok)
        {
            _state.Dispose();
            throw CodecException.Refused("BZ2_bzCompressInit", LibBzip2.Text(result));
        }
    }

    public void Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written) =>
        Compress(input, output, LibBzip2.Run, out consumed, out written);

    public bool Finish(Span<byte> output, out int written) =>
        Compress([], output, LibBzip2.Finish, out _, out written) == LibBzip2.StreamEnd;

    public void Dispose() => _state.Dispose();

    int Compress(ReadOnlySpan<byte> input, Span<byte> output, int action, out int consumed, out int written)
    {
        var state = _state.Pointer<Bzip2State>();
        int result;
        fixed (byte* source = input, target = output)
        {
            state->NextIn = source;
            state->AvailableIn = (uint)input.Length;
            state->NextOut = target;
            state->AvailableOut = (uint)output.Length;
            result = LibBzip2.BZ2_bzCompress(state, action);
            consumed = input.Length - (int)state->AvailableIn;
            written = output.Length - (int)state->AvailableOut;
        }

        return result >= 0 ? result : throw CodecException.Refused("BZ2_bzCompress", LibBzip2.Text(result));
    }
}
