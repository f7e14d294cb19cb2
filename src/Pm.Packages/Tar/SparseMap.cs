namespace Pm.Packages.Tar;

/// <summary>Where the stored bytes of a sparse file belong. Source: GNU tar manual, "Storing Sparse Files".</summary>
sealed class SparseMap(TarLimits limits, string where)
{
    /// <summary>Bytes of an offset and a length in an old GNU header.</summary>
    public const int PieceLength = 24;

    readonly List<(long Offset, long Length)> _pieces = [];
    long _storedBytes;

    public IReadOnlyList<(long Offset, long Length)> Pieces => _pieces;

    /// <summary>Adds a piece behind the last one.</summary>
    public void Add(long offset, long length)
    {
        if (_pieces.Count == limits.MaximumSparseSegments)
        {
            throw ArchiveFault.BeyondLimit(where, "pieces of a sparse file", -1, limits.MaximumSparseSegments);
        }

        var end = _pieces.Count == 0 ? 0 : _pieces[^1].Offset + _pieces[^1].Length;
        if (offset < end || length < 0 || length > limits.MaximumEntryBytes || offset > limits.MaximumEntryBytes)
        {
            throw ArchiveFault.Malformed(
                where, $"sparse piece at {offset} of {length} bytes overlaps, is out of order or too large");
        }

        _pieces.Add((offset, length));
        _storedBytes += length;
    }

    /// <summary>Adds the pieces of an old GNU header; a blank length ends them.</summary>
    public void AddOldGnu(ReadOnlySpan<byte> pieces)
    {
        for (; pieces.Length >= PieceLength; pieces = pieces[PieceLength..])
        {
            if (pieces[12] == 0)
            {
                return;
            }

            if (!TarNumber.TryParse(pieces[..12], out var offset)
                || !TarNumber.TryParse(pieces[12..PieceLength], out var length))
            {
                throw ArchiveFault.Malformed(where, "a sparse piece is not two numbers");
            }

            Add(offset, length);
        }
    }

    /// <summary>Adds "offset,length,offset,length…" of the pax form 0.1.</summary>
    public void AddList(ReadOnlySpan<byte> list)
    {
        while (!list.IsEmpty)
        {
            var offset = NextNumber(ref list);
            Add(offset, NextNumber(ref list));
        }
    }

    /// <summary>Checks the whole map against what the entry states.</summary>
    public void Complete(long realSize, long storedBytes)
    {
        var end = _pieces.Count == 0 ? 0 : _pieces[^1].Offset + _pieces[^1].Length;
        if (end > realSize || _storedBytes != storedBytes)
        {
            throw ArchiveFault.Malformed(
                where,
                $"sparse map ends at {end} and holds {_storedBytes} bytes, the entry states {realSize} and {storedBytes}");
        }
    }

    long NextNumber(ref ReadOnlySpan<byte> list)
    {
        var comma = list.IndexOf((byte)',');
        var text = comma < 0 ? list : list[..comma];
        list = comma < 0 ? default : list[(comma + 1)..];
        return TarNumber.TryParseDecimal(text, out var value)
            ? value
            : throw ArchiveFault.Malformed(where, "sparse map is not pairs of numbers");
    }
}
