namespace Pm.Daemon.Tests;

/// <summary>What a server wrote, to be looked at while it goes on.</summary>
sealed class Recording : Stream
{
    readonly Lock _gate = new();
    readonly MemoryStream _content = new();
    TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when something was written after what was last looked at.</summary>
    public Task Written
    {
        get
        {
            lock (_gate)
            {
                return _written.Task;
            }
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public byte[] ToArray()
    {
        lock (_gate)
        {
            if (_written.Task.IsCompleted)
            {
                _written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _content.ToArray();
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            _content.Write(buffer);
            _ = _written.TrySetResult();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
