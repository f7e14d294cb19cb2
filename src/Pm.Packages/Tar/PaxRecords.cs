namespace Pm.Packages.Tar;

/// <summary>Reads "length keyword=value\n" records one by one. Source: POSIX.1-2017 pax, "pax Extended Header".</summary>
ref struct PaxRecords(ReadOnlySpan<byte> body, string where)
{
    // A record shorter than "5 a=\n" cannot be; a longer number of digits than this cannot fit a header.
    const int ShortestRecord = 5;
    const int MostDigits = 10;

    ReadOnlySpan<byte> _rest = body;
    readonly string _where = where;

    public ReadOnlySpan<byte> Keyword { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Next()
    {
        // Some writers fill the body with zeros up to the block.
        if (_rest.IsEmpty || !_rest.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        var space = _rest[..Math.Min(_rest.Length, MostDigits + 1)].IndexOf((byte)' ');
        if (space <= 0 || !TarNumber.TryParseDecimal(_rest[..space], out var length)
            || length < ShortestRecord || length > _rest.Length || length <= space + 1)
        {
            throw ArchiveFault.Malformed(_where, "pax record with a wrong length");
        }

        var record = _rest[(space + 1)..(int)length];
        _rest = _rest[(int)length..];
        var equals = record.IndexOf((byte)'=');
        if (record[^1] != (byte)'\n' || equals <= 0)
        {
            throw ArchiveFault.Malformed(_where, "pax record without '=' or newline");
        }

        Keyword = record[..equals];
        Value = record[(equals + 1)..^1];
        return true;
    }
}
