namespace Pm.Codecs.Encoding;

/// <summary>Passes bytes through: the encoder of what shall not be compressed.</summary>
sealed class StoredEncoder : IEncoder
{
    public void Encode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        consumed = written = Math.Min(input.Length, output.Length);
        input[..consumed].CopyTo(output);
    }

    public bool Finish(Span<byte> output, out int written)
    {
        written = 0;
        return true;
    }

    public void Dispose()
    {
    }
}
