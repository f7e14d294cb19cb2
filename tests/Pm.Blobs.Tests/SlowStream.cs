namespace Pm.Blobs.Tests;

/// <summary>Yields at most 5,000 bytes a read.</summary>
sealed class SlowStream(byte[] data) : MemoryStream(data)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 5000)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, 5000)], cancellationToken);
}
