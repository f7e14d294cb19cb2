namespace Pm.Codecs.Encoding;

/// <summary>Compresses what is written to it. Only disposal ends the compressed stream.</summary>
sealed class EncodingStream(Stream target, IEncoder encoder, bool leaveOpen) : Stream
{
    const int OutputSize = 64 * 1024;

    readonly byte[] _output = new byte[OutputSize];
    bool _disposed;

    /// <summary>Set while the encoder or the target is at work: if one throws, there is no stream left to finish.</summary>
    bool _broken;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_disposed;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _broken = true;
        while (!buffer.IsEmpty)
        {
            encoder.Encode(buffer, _output, out var consumed, out var written);
            target.Write(_output.AsSpan(0, written));
            buffer = buffer[consumed..];
        }

        _broken = false;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <summary>Passes on what is encoded already; ending a block early would change the bytes.</summary>
    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            try
            {
                Finish();
            }
            finally
            {
                encoder.Dispose();
                if (!leaveOpen)
                {
                    target.Dispose();
                }
            }
        }

        base.Dispose(disposing);
    }

    void Finish()
    {
        for (var done = _broken; !done;)
        {
            done = encoder.Finish(_output, out var written);
            target.Write(_output.AsSpan(0, written));
        }
    }
}
