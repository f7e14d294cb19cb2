namespace Pm.Packages.Pkg;

/// <summary>A stream whose first bytes were looked at, and are yielded all the same. Forward only.</summary>
sealed class PeekedStream : Stream
{
    readonly Stream _source;
    readonly byte[] _head;
    readonly int _length;
    int _taken;

    /// <param name="source">Not disposed.</param>
    /// <param name="headSize">How many bytes are looked at, at most.</param>
    public PeekedStream(Stream source, int headSize)
    {
        _source = source;
        _head = new byte[headSize];
        _length = source.ReadAtLeast(_head, headSize, throwOnEndOfStream: false);
    }

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _length);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _length)
        {
            return _source.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _length - _taken);
        _head.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
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
