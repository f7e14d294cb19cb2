namespace Pm.Packages.Index;

/// <summary>Ascending numbers, each written as the difference to the one before.</summary>
ref struct Postings
{
    readonly int _limit;
    IndexReader _reader;
    int _left;
    long _last;

    /// <param name="reader">At the first of them.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="limit">They are all below.</param>
    public Postings(IndexReader reader, int count, int limit)
    {
        _reader = reader;
        (_left, _limit, _last) = (count, limit, -1);
    }

    /// <summary>The next one; false at the end.</summary>
    public bool TryNext(out int number)
    {
        number = 0;
        if (_left == 0)
        {
            return false;
        }

        _left--;
        var step = _reader.Varint();
        if (step >= (uint)_limit || (_last += (long)step + 1) >= _limit)
        {
            throw _reader.Damaged("a list leads to a name that is not there");
        }

        number = (int)_last;
        return true;
    }
}
