namespace Pm.Codecs.Decoding;

/// <summary>Turns compressed bytes into plain ones, stream after stream, a step at a time.</summary>
interface IDecoder : IDisposable
{
    /// <summary>The format's name in messages.</summary>
    string Format { get; }

    /// <summary>What was wrong, after <see cref="DecoderStatus.Corrupt"/> or <see cref="DecoderStatus.TooDemanding"/>.</summary>
    string Detail { get; }

    /// <summary>Makes what progress it can. <paramref name="last"/> says that nothing follows <paramref name="input"/>.</summary>
    DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written);
}
