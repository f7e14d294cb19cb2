namespace Pm.Cli.Rpc;

/// <summary>Makes lines of bytes that come in pieces; nothing is copied for a line, and none is longer than a limit.</summary>
/// <param name="limit">Bytes of the longest line.</param>
/// <param name="splits">A longer one is given in parts; otherwise it is left out, and said to have been.</param>
sealed class LineBuffer(int limit, bool splits)
{
    const int FirstRoom = 4096;

    byte[] _bytes = [];
    int _start;
    int _end;
    int _searched;
    bool _isSkipping;

    /// <summary>Takes in a piece. Take the lines out between two pieces.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_end, _searched, _start) = (_end - _start, _searched - _start, 0);
        }

        if (_end + piece.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(_bytes.Length * 2, FirstRoom), _end + piece.Length));
        }

        piece.CopyTo(_bytes.AsSpan(_end));
        _end += piece.Length;
    }

    /// <summary>The next line, without its end. It is there until more is taken in.</summary>
    /// <param name="line">Empty where it was too long.</param>
    /// <param name="isTooLong">It was left out.</param>
    public bool TryTake(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        isTooLong = false;
        line = default;
        var newline = _bytes.AsSpan(_searched.._end).IndexOf((byte)'\n');
        if (newline >= 0)
        {
            var end = _searched + newline;
            isTooLong = _isSkipping || (!splits && end - _start > limit);
            line = isTooLong ? default : splits ? _bytes.AsSpan(_start, Math.Min(end - _start, limit)) : _bytes.AsSpan(_start, end - _start);
            _start = splits && end - _start > limit ? _start + limit : end + 1;
            _searched = _start;
            _isSkipping = false;
            return true;
        }

        _searched = _end;
        if (_end - _start <= limit)
        {
            return false;
        }

        if (splits)
        {
            line = _bytes.AsSpan(_start, limit);
            _searched = _start += limit;
            return true;
        }

        _isSkipping = true;
        _searched = _start = _end = 0;
        return false;
    }

    /// <summary>What is left when nothing more comes: a line without its end.</summary>
    /// <param name="isTooLong">It was left out.</param>
    public ReadOnlySpan<byte> TakeRest(out bool isTooLong)
    {
        isTooLong = _isSkipping;
        return Rest;
    }

    /// <summary>What is left when nothing more comes, as far as it was not left out.</summary>
    public ReadOnlySpan<byte> Rest => _isSkipping ? default : _bytes.AsSpan(_start.._end);
}
