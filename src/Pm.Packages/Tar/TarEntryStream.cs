using Pm.Codecs;

namespace Pm.Packages.Tar;

/// <summary>The content of the current entry, with the holes of a sparse file filled by zeros.</summary>
public sealed class TarEntryStream : ReadOnlyStream
{
    readonly TarInput _input;
    SparseMap? _map;
    int _piece;
    long _size;
    long _position;
    long _stored;

    internal TarEntryStream(TarInput input) => _input = input;

    public override long Length => _size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException("an archive is read forward only");
    }

    /// <summary>Bytes in the archive that were not read yet.</summary>
    internal long Stored => _stored;

    internal void Begin(long size, long stored, SparseMap? map)
    {
        _size = size;
        _stored = stored;
        _map = map;
        _position = 0;
        _piece = 0;
    }

    /// <summary>Passes over a hole at the current position, so that a writer can seek instead of writing zeros.</summary>
    /// <returns>The length of the hole in bytes; 0 when data or the end is next.</returns>
    public long SkipHole()
    {
        var hole = NextData() - _position;
        _position += hole;
        return hole;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, _size - _position);
        if (count == 0)
        {
            return 0;
        }

        var data = NextData();
        if (data > _position)
        {
            count = (int)Math.Min(count, data - _position);
            buffer[..count].Clear();
        }
        else
        {
            count = ReadStored(buffer[..(int)Math.Min(count, PieceEnd() - _position)]);
        }

        _position += count;
        return count;
    }

    int ReadStored(Span<byte> target)
    {
        var count = _input.Read(target);
        if (count == 0)
        {
            throw ArchiveFault.Truncated(_input.Name, $"an entry, {_stored} bytes before its end");
        }

        _stored -= count;
        return count;
    }

    // The first position from here on that has stored bytes, or the size.
    long NextData()
    {
        if (_map is null)
        {
            return _position;
        }

        while (_piece < _map.Pieces.Count && PieceEnd() <= _position)
        {
            _piece++;
        }

        return _piece == _map.Pieces.Count ? _size : Math.Max(_position, _map.Pieces[_piece].Offset);
    }

    long PieceEnd() => _map is null ? _size : _map.Pieces[_piece].Offset + _map.Pieces[_piece].Length;
}
