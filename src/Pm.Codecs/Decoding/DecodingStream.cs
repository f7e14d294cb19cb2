namespace Pm.Codecs.Decoding;

/// <summary>Reads the plain bytes of a compressed source, in bounded memory, up to an end that is proved to be one.</summary>
/// <remarks>Reading returns 0 only after the last stream has ended whole and nothing follows it.</remarks>
sealed class DecodingStream(Stream source, IDecoder decoder, bool leaveOpen) : ReadOnlyStream
{
    const int InputSize = 64 * 1024;

    readonly byte[] _input = new byte[InputSize];
    int _start;
    int _end;
    long _offset;
    bool _last;
    bool _disposed;
    DecoderStatus _status;
    CodecException? _failure;

    public override bool CanRead => !_disposed;

    public override int Read(Span<byte> buffer)
    {
        int written;
        while (!Produce(buffer, out written))
        {
            Received(source.Read(_input));
        }

        return written;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int written;
        while (!Produce(buffer.Span, out written))
        {
            Received(await source.ReadAsync(_input, cancellationToken));
        }

        return written;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            decoder.Dispose();
            if (!leaveOpen)
            {
                source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    void Received(int count)
    {
        (_start, _end) = (0, count);
        _last = count == 0;
    }

    /// <summary>Decodes into <paramref name="buffer"/>; false asks for more input.</summary>
    bool Produce(Span<byte> buffer, out int written)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        written = 0;
        while (!buffer.IsEmpty)
        {
            Rethrow();
            if (_start == _end && !_last)
            {
                return false;
            }

            if (_start == _end && _status == DecoderStatus.Ended)
            {
                return true;
            }

            Step(buffer, out written);
            if (written > 0)
            {
                return true;
            }
        }

        return true;
    }

    void Step(Span<byte> buffer, out int written)
    {
        var before = _status;
        _status = decoder.Decode(_input.AsSpan(_start, _end - _start), buffer, _last, out var consumed, out written);
        _start += consumed;
        _offset += consumed;
        _failure = _status switch
        {
            DecoderStatus.Corrupt when before == DecoderStatus.Ended =>
                CodecException.TrailingBytes(decoder.Format, _offset, decoder.Detail),
            DecoderStatus.Corrupt => CodecException.Corrupt(decoder.Format, _offset, decoder.Detail),
            DecoderStatus.TooDemanding => CodecException.TooDemanding(decoder.Format, decoder.Detail),
            DecoderStatus.Inside when consumed == 0 && written == 0 && _start < _end =>
                CodecException.Corrupt(decoder.Format, _offset, "the decoder makes no progress"),
            DecoderStatus.Inside when written == 0 && _start == _end && _last =>
                CodecException.Truncated(decoder.Format, _offset),
            _ => null,
        };
        Rethrow();
    }

    /// <summary>A failed stream stays failed: asking again must not look like its end.</summary>
    void Rethrow()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }
}
