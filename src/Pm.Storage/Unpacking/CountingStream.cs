namespace Pm.Storage.Unpacking;

/// <summary>Counts what is read from another stream, which stays open.</summary>
sealed class CountingStream(Stream inner) : Stream
{
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set
        {
            // A seek forward passes over bytes that the archive really has.
            Count += Math.Max(0, value - inner.Position);
            inner.Position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Count += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
