namespace Pm.Packages.Index;

/// <summary>
/// The distances between a text and one name after the other: the rows of the usual table, of which those stay that belong
/// to what a name shares with the one before. A slip is a letter too many, one missing,
/// a wrong one, or two neighbours swapped: optimal string alignment, the restricted Damerau-Levenshtein distance.
/// </summary>
sealed class SlipRows
{
    readonly byte[] _text;
    readonly int _limit;
    readonly byte[] _name = new byte[PackageName.MaximumLength];
    readonly int[] _rows;
    readonly int _width;
    int _depth;

    public SlipRows(byte[] text, int limit)
    {
        (_text, _limit, _width) = (text, limit, text.Length + 1);
        _rows = new int[(PackageName.MaximumLength + 1) * _width];
        for (var column = 0; column < _width; column++)
        {
            _rows[column] = column;
        }
    }

    /// <summary>Of the last name, where <see cref="Advance"/> found no dead end; more than the limit when it is.</summary>
    public int Distance => _rows[(_depth * _width) + _width - 1];

    /// <summary>Goes on to a name.</summary>
    /// <returns>How many of its first letters are enough to tell that it is too far off; null: all of it was looked at.</returns>
    public int? Advance(ReadOnlySpan<byte> name)
    {
        _depth = Math.Min(_depth, name.CommonPrefixLength(_name.AsSpan(0, _depth)));
        while (_depth < name.Length)
        {
            _name[_depth] = name[_depth];
            _depth++;
            if (FillRow() > _limit)
            {
                return _depth--;
            }
        }

        return null;
    }

    /// <returns>The smallest distance in the row: no longer name gets below it.</returns>
    int FillRow()
    {
        var row = _rows.AsSpan(_depth * _width, _width);
        var above = _rows.AsSpan((_depth - 1) * _width, _width);
        var letter = _name[_depth - 1];
        row[0] = _depth;
        var smallest = _depth;
        for (var column = 1; column < _width; column++)
        {
            var value = Math.Min(Math.Min(row[column - 1], above[column]) + 1, above[column - 1] + (_text[column - 1] == letter ? 0 : 1));
            if (_depth > 1 && column > 1 && _text[column - 2] == letter && _text[column - 1] == _name[_depth - 2])
            {
                value = Math.Min(value, _rows[((_depth - 2) * _width) + column - 2] + 1);
            }

            row[column] = value;
            smallest = Math.Min(smallest, value);
        }

        return smallest;
    }
}
