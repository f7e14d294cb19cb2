using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Daemon.Logging;

/// <summary>A file that is only appended to, and opened again by its name when somebody rotated it.</summary>
sealed class ReopenedFile(string path, int mode) : Stream
{
    readonly Lock _gate = new();
    SafeFileHandle _file = Open(path, mode);

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="SystemCallException">It cannot be opened; the old one stays.</exception>
    public void Reopen()
    {
        var fresh = Open(path, mode);
        lock (_gate)
        {
            _file.Dispose();
            _file = fresh;
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            FileWriting.Write(_file, buffer, path);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is held back.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    static SafeFileHandle Open(string path, int mode)
    {
        using var directory = DirectoryHandle.Open(System.IO.Path.GetDirectoryName(path)!);
        return directory.OpenAppend(System.IO.Path.GetFileName(path), mode);
    }
}
