namespace Pm.Packages.Tar;

/// <summary>The fields of one header block. Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format".</summary>
readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    const int ChecksumOffset = 148;
    const int ChecksumLength = 8;

    readonly ReadOnlySpan<byte> _block = block;

    public ReadOnlySpan<byte> Name => Text(0, 100);

    public ReadOnlySpan<byte> Mode => _block.Slice(100, 8);

    public ReadOnlySpan<byte> UserId => _block.Slice(108, 8);

    public ReadOnlySpan<byte> GroupId => _block.Slice(116, 8);

    public ReadOnlySpan<byte> Size => _block.Slice(124, 12);

    public ReadOnlySpan<byte> Modified => _block.Slice(136, 12);

    public byte TypeFlag => _block[156];

    public ReadOnlySpan<byte> LinkName => Text(157, 100);

    public ReadOnlySpan<byte> UserName => Dialect == TarDialect.V7 ? default : Text(265, 32);

    public ReadOnlySpan<byte> GroupName => Dialect == TarDialect.V7 ? default : Text(297, 32);

    public ReadOnlySpan<byte> Prefix => Dialect switch
    {
        TarDialect.Ustar => Text(345, 155),
        TarDialect.Star => Text(345, 131),
        _ => default,
    };

    /// <summary>Four pairs of offset and length, 12 bytes a number. GNU only.</summary>
    public ReadOnlySpan<byte> SparsePieces => _block.Slice(386, 4 * SparseMap.PieceLength);

    public bool HasMoreSparsePieces => _block[482] != 0;

    public ReadOnlySpan<byte> RealSize => _block.Slice(483, 12);

    public TarDialect Dialect
    {
        get
        {
            var magic = _block.Slice(257, 6);
            if (magic.SequenceEqual("ustar "u8))
            {
                return TarDialect.Gnu;
            }

            if (!magic.SequenceEqual("ustar\0"u8))
            {
                return TarDialect.V7;
            }

            return IsStar ? TarDialect.Star : TarDialect.Ustar;
        }
    }

    // star with or without its trailing magic: the prefix ends early and two octal times follow it.
    bool IsStar =>
        _block[345 + 130] == 0 && char.IsBetween((char)_block[476], '0', '7') && _block[487] is (byte)' ' or 0
        && char.IsBetween((char)_block[488], '0', '7') && _block[499] == (byte)' ';

    public bool IsZero => !_block.ContainsAnyExcept((byte)0);

    /// <summary>The sum of all bytes with the sum's own field as spaces; old tars added signed bytes.</summary>
    public bool HasRightChecksum
    {
        get
        {
            if (!TarNumber.TryParse(_block.Slice(ChecksumOffset, ChecksumLength), out var stated))
            {
                return false;
            }

            var unsigned = 0;
            var high = 0;
            foreach (var value in _block)
            {
                unsigned += value;
                high += value >> 7;
            }

            foreach (var value in _block.Slice(ChecksumOffset, ChecksumLength))
            {
                unsigned += ' ' - value;
                high -= value >> 7;
            }

            return stated == unsigned || stated == unsigned - (256 * high);
        }
    }

    ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
