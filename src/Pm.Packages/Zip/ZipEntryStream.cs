using Pm.Codecs;

namespace Pm.Packages.Zip;

/// <summary>Plain content that must have the stated length and CRC; its end is reached only if it has.</summary>
sealed class ZipEntryStream(Stream plain, long size, uint crc, string where) : ReadOnlyStream
{
    Crc32 _crc;
    long _position;

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
