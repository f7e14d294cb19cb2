namespace Pm.Packages.Tar;

/// <summary>A stream read in blocks of 512 bytes and in runs of content, forward only, through one buffer.</summary>
sealed class TarInput(Stream source, string name)
{
    public const int BlockSize = 512;
    const int BufferSize = 128 * BlockSize;

    readonly byte[] _buffer = new byte[BufferSize];
    int _start;
    int _end;

    public string Name => name;

    /// <summary>Bytes that were handed out or passed over.</summary>
    public long Consumed { get; private set; }

    /// <summary>The next block, valid until the next call; empty at the end of the stream.</summary>
    /// <exception cref="PackageFormatException">PM2202: the stream ends inside the block; PM2201: it is text.</exception>
    public ReadOnlySpan<byte> TryBlock()
    {
        if (_end - _start < BlockSize)
        {
            Fill();
        }

        var available = _end - _start;
        if (available == 0)
        {
            return default;
        }

        if (available < BlockSize)
        {
            // Names and numbers in a header end in NUL, so that what has none, from the begin on, is text.
            if (Consumed == 0 && !_buffer.AsSpan(_start, available).Contains((byte)0))
            {
                throw ArchiveFault.Malformed(name, "not a tar archive");
            }

            throw ArchiveFault.Truncated(name, $"a block of {BlockSize} bytes");
        }

        _start += BlockSize;
        Consumed += BlockSize;
        return _buffer.AsSpan(_start - BlockSize, BlockSize);
    }

    /// <summary>Some bytes, at least one unless the stream has ended.</summary>
    public int Read(Span<byte> target)
    {
        if (_start == _end)
        {
            if (target.Length >= BufferSize)
            {
                var direct = source.Read(target);
                Consumed += direct;
                return direct;
            }

            _start = 0;
            _end = source.Read(_buffer);
        }

        var count = Math.Min(target.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(target);
        _start += count;
        Consumed += count;
        return count;
    }

    /// <summary>Passes over <paramref name="count"/> bytes.</summary>
    /// <returns>The bytes that were missing at the end of the stream, 0 when none were.</returns>
    public long Skip(long count)
    {
        var wanted = count;
        var buffered = (int)Math.Min(count, _end - _start);
        _start += buffered;
        count -= buffered;
        if (count > BufferSize && source.CanSeek)
        {
            var jump = Math.Min(count, Math.Max(0, source.Length - source.Position));
            source.Position += jump;
            count -= jump;
        }

        while (count > 0)
        {
            _start = 0;
            _end = source.Read(_buffer);
            if (_end == 0)
            {
                break;
            }

            _start = (int)Math.Min(count, _end);
            count -= _start;
        }

        Consumed += wanted - count;
        return count;
    }

    void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < BlockSize)
        {
            var count = source.Read(_buffer.AsSpan(_end));
            if (count == 0)
            {
                break;
            }

            _end += count;
        }
    }
}
