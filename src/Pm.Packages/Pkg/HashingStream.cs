using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>Hashes what is read from, or written to, another stream.</summary>
sealed class HashingStream(Stream inner, DigestContext digest) : Stream
{
    long _count;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        digest.Append(buffer[..count]);
        _count += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        digest.Append(buffer);
        _count += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The digest of all that passed.</summary>
    public Sha256Digest Finish()
    {
        Span<byte> bytes = stackalloc byte[Sha256Digest.Size];
        digest.Finish(bytes);
        return new Sha256Digest(bytes);
    }
}
