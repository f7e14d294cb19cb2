using Pm.Codecs;

namespace Pm.Remotes;

/// <summary>
/// Reads a file whose length and SHA-256 are signed, and fails where it is another. Its end is reached only if every byte
/// was right, so what was read goes into a temporary that counts only after the end.
/// </summary>
/// <param name="source">Disposed with this.</param>
/// <param name="length">As signed.</param>
/// <param name="expected">As signed.</param>
/// <param name="name">How messages call it: asked for when it is wrong, as only then it is known who gave it.</param>
sealed class DigestVerifiedStream(Stream source, long length, Sha256Digest expected, Func<string> name) : ReadOnlyStream
{
    readonly DigestContext _digest = new(DigestAlgorithm.Sha256);
    long _read;
    bool _isVerified;
    RemoteException? _failure;

    public override long Length => length;

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        Accept(buffer[..read], buffer.Length);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Accept(buffer.Span[..read], buffer.Length);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            _digest.Dispose();
        }

        base.Dispose(disposing);
    }

    void Accept(ReadOnlySpan<byte> data, int wanted)
    {
        if (_failure is not null)
        {
            // A failed stream stays failed: asking again must not look like its end.
            throw _failure;
        }

        _read += data.Length;
        if (_read > length)
        {
            throw Mismatch($"expected {length} bytes, got more");
        }

        _digest.Append(data);
        if (data.IsEmpty && wanted > 0 && !_isVerified)
        {
            Verify();
        }
    }

    void Verify()
    {
        if (_read != length)
        {
            throw Mismatch($"expected {length} bytes, got {_read}");
        }

        Span<byte> bytes = stackalloc byte[Sha256Digest.Size];
        _digest.Finish(bytes);
        var actual = new Sha256Digest(bytes);
        _isVerified = actual == expected ? true : throw Mismatch($"expected sha256 {expected}, got {actual}");
    }

    RemoteException Mismatch(string difference) =>
        _failure = new RemoteException("PM6006", $"{name()}: not the file that was signed: {difference}");
}
