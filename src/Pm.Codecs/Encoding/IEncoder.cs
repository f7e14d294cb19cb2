namespace Pm.Codecs.Encoding;

/// <summary>Turns plain bytes into one compressed stream, a step at a time.</summary>
interface IEncoder : IDisposable
{
    /// <summary>Takes from <paramref name="input"/> what it can; how the input is cut does not change the output.</summary>
    void Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written);

    /// <summary>Writes what is left of the stream; true when that was all.</summary>
    bool Finish(Span<byte> output, out int written);
}
