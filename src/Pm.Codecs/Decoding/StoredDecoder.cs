namespace Pm.Codecs.Decoding;

/// <summary>Passes bytes through: the decoder of what is not compressed.</summary>
sealed class StoredDecoder : IDecoder
{
    public string Format => "stored";

    public string Detail => "";

    public DecoderStatus Decode(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written)
    {
        consumed = written = Math.Min(input.Length, output.Length);
        input[..consumed].CopyTo(output);
        return DecoderStatus.Ended;
    }

    public void Dispose()
    {
    }
}
