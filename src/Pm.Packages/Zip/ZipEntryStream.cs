using Pm.Codecs;

namespace Pm.Packages.Zip;

/// <summary>Plain content that must have the stated length and CRC; its end is reached only if it has.</summary>
sealed class ZipEntryStream(Stream plain, long size, uint crc, string where) : Stream
{
    Crc32 _crc;
    long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var count = ReadPlain(buffer);
        _position += count;
        if (_position > size || (count == 0 && _position < size))
        {
            throw ArchiveFault.Malformed(
                where, $"expected {size} bytes, got {(count == 0 ? _position.ToString() : "more")}");
        }

        _crc.Append(buffer[..count]);
        return count > 0 || _crc.Value == crc
            ? count
            : throw ArchiveFault.Malformed(where, $"expected CRC {crc:x8}, got {_crc.Value:x8}");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            plain.Dispose();
        }

        base.Dispose(disposing);
    }

    int ReadPlain(Span<byte> buffer)
    {
        try
        {
            return plain.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw ArchiveFault.Malformed(where, "its compressed data is damaged", e);
        }
        catch (CodecException e)
        {
            throw ArchiveFault.Malformed(where, $"its compressed data is damaged: {e.Message}", e);
        }
    }
}
