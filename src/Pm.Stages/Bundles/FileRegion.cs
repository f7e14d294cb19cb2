using Microsoft.Win32.SafeHandles;

namespace Pm.Stages.Bundles;

/// <summary>A part of a file as a file of its own: read only, seekable.</summary>
sealed class FileRegion(SafeFileHandle file, long offset, long length) : Stream
{
    long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("a position before the start of the file");
    }

    public override int Read(Span<byte> buffer)
    {
        var room = (int)Math.Clamp(length - _position, 0, buffer.Length);
        var count = room == 0 ? 0 : RandomAccess.Read(file, buffer[..room], offset + _position);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
