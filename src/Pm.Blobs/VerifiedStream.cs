using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>Reads a blob from a place that is not trusted and fails where the bytes are not the blob.</summary>
/// <remarks>
/// The bytes are hashed as they pass. With a known length the root is checked before the last of them are handed out,
/// without one at the end; either way the end (a read of 0 bytes) is never reached for a blob that is wrong. Until
/// then what was read is unverified: write it to a temporary and link that only after the end.
/// </remarks>
public sealed class VerifiedStream : ReadOnlyStream
{
    readonly Stream _source;
    readonly MerkleRoot _expected;
    readonly long? _length;
    readonly string _name;
    readonly bool _leaveOpen;
    readonly MerkleHasher _hasher = new();
    readonly byte[] _probe = new byte[1];
    long _received;
    BlobMismatchException? _failure;
    bool _disposed;

    /// <summary>Reads <paramref name="source"/>, which must be <paramref name="expected"/> and, if given, exactly
    /// <paramref name="length"/> bytes long; <paramref name="name"/> stands in messages.</summary>
    public VerifiedStream(
        Stream source, MerkleRoot expected, long? length, string name, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        (_source, _expected, _length, _name, _leaveOpen) = (source, expected, length, name, leaveOpen);
        if (length == 0)
        {
            VerifyRoot();
        }
    }

    /// <summary>Whether all bytes have been read and are the blob.</summary>
    public bool IsVerified { get; private set; }

    public override bool CanRead => !_disposed;

    /// <summary>The length that was promised, in bytes.</summary>
    /// <exception cref="NotSupportedException">None was.</exception>
    public override long Length => _length ?? throw new NotSupportedException();

    public override long Position
    {
        get => _received;
        set => throw new NotSupportedException();
    }

    /// <exception cref="BlobMismatchException">The bytes are not the blob.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (!Begin(buffer.Length))
        {
            return 0;
        }

        var atEnd = _received == _length;
        var window = atEnd ? _probe : buffer[..Allowed(buffer.Length)];
        var read = _source.Read(window);
        Accept(window[..read], atEnd);
        return read;
    }

    /// <exception cref="BlobMismatchException">The bytes are not the blob.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Begin(buffer.Length))
        {
            return 0;
        }

        var atEnd = _received == _length;
        var window = atEnd ? _probe : buffer[..Allowed(buffer.Length)];
        var read = await _source.ReadAsync(window, cancellationToken);
        Accept(window.Span[..read], atEnd);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (!_leaveOpen)
            {
                _source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>Whether a read can yield anything; a failed stream stays failed.</summary>
    bool Begin(int wanted)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Rethrow();
        return wanted > 0;
    }

    int Allowed(int wanted) => _length is { } length ? (int)Math.Min(wanted, length - _received) : wanted;

    void Accept(ReadOnlySpan<byte> data, bool atEnd)
    {
        if (atEnd)
        {
            _failure ??= data.IsEmpty ? null : BlobMismatchException.TooLong(_name, _received);
        }
        else if (data.IsEmpty)
        {
            End();
        }
        else
        {
            _hasher.Append(data);
            _received += data.Length;
            if (_received == _length)
            {
                VerifyRoot();
            }
        }

        Rethrow();
    }

    void End()
    {
        if (_length is { } length)
        {
            _failure = BlobMismatchException.TooShort(_name, length, _received);
        }
        else if (!IsVerified)
        {
            VerifyRoot();
        }
    }

    void VerifyRoot()
    {
        var actual = _hasher.Finish();
        IsVerified = actual == _expected;
        _failure = IsVerified ? null : BlobMismatchException.Of(_name, _expected, actual, _received);
    }

    void Rethrow()
    {
        if (_failure is not null)
        {
            IsVerified = false;
            throw _failure;
        }
    }
}
