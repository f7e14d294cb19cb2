namespace Pm.Packages.Toml;

/// <summary>Dates and times as TOML writes them. Source: TOML 1.0, "Offset Date-Time" to "Local Time"; RFC 3339, 5.6.</summary>
static class TomlTime
{
    const string Rule = "expected a date such as 2026-01-31, a time such as 23:59:59, or both with T between them, and Z or an offset such as +01:00";

    public static bool LooksLike(ReadOnlySpan<byte> word) =>
        word.Length > 4 && IsDigit(word[0]) && IsDigit(word[1]) && (word[2] == ':' || (IsDigit(word[2]) && IsDigit(word[3]) && word[4] == '-'));

    /// <summary>The time; else what is wrong with it.</summary>
    public static string? Read(ReadOnlySpan<byte> word, out TomlDateTime? time)
    {
        time = null;
        var rest = word;
        var read = new TomlDateTime();
        if (word[2] != ':')
        {
            if (!TryDate(ref rest, ref read))
            {
                return Wrong(word);
            }

            if (rest.IsEmpty)
            {
                time = read;
                return null;
            }

            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
            {
                return Wrong(word);
            }

            rest = rest[1..];
        }

        if (!TryClock(ref rest, ref read) || (read.Year is not null && !TryOffset(ref rest, ref read)) || !rest.IsEmpty)
        {
            return Wrong(word);
        }

        time = read;
        return null;
    }

    static string Wrong(ReadOnlySpan<byte> word) => $"{Shown.Quote(word)} is no date or time: {Rule}";

    static bool TryDate(ref ReadOnlySpan<byte> rest, ref TomlDateTime read)
    {
        if (!TryDigits(ref rest, 4, 0, 9999, out var year) || !TryByte(ref rest, '-')
            || !TryDigits(ref rest, 2, 1, 12, out var month) || !TryByte(ref rest, '-')
            || !TryDigits(ref rest, 2, 1, DaysIn(year, month), out var day))
        {
            return false;
        }

        read = read with { Year = year, Month = month, Day = day };
        return true;
    }

    /// <summary>The calendar goes on before its time, so that the year 0 has a leap day as the year 4 has.</summary>
    static int DaysIn(int year, int month) => DateTime.DaysInMonth(year == 0 ? 4 : year, month);

    static bool TryClock(ref ReadOnlySpan<byte> rest, ref TomlDateTime read)
    {
        if (!TryDigits(ref rest, 2, 0, 23, out var hour) || !TryByte(ref rest, ':')
            || !TryDigits(ref rest, 2, 0, 59, out var minute) || !TryByte(ref rest, ':')
            || !TryDigits(ref rest, 2, 0, 60, out var second))
        {
            return false;
        }

        var nanosecond = 0;
        if (TryByte(ref rest, '.'))
        {
            var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : rest.Length;
            if (length == 0)
            {
                return false;
            }

            for (var i = 0; i < 9; i++)
            {
                nanosecond = (nanosecond * 10) + (i < length ? rest[i] - '0' : 0);
            }

            rest = rest[length..];
        }

        read = read with { Hour = hour, Minute = minute, Second = second, Nanosecond = nanosecond };
        return true;
    }

    /// <summary>Z, an offset, or nothing.</summary>
    static bool TryOffset(ref ReadOnlySpan<byte> rest, ref TomlDateTime read)
    {
        if (rest.IsEmpty)
        {
            return true;
        }

        var sign = rest[0];
        rest = rest[1..];
        if (sign is (byte)'Z' or (byte)'z')
        {
            read = read with { OffsetMinutes = 0 };
            return true;
        }

        if (sign is not ((byte)'+' or (byte)'-')
            || !TryDigits(ref rest, 2, 0, 23, out var hours) || !TryByte(ref rest, ':') || !TryDigits(ref rest, 2, 0, 59, out var minutes))
        {
            return false;
        }

        read = read with { OffsetMinutes = ((hours * 60) + minutes) * (sign == '-' ? -1 : 1) };
        return true;
    }

    static bool TryDigits(ref ReadOnlySpan<byte> rest, int count, int least, int most, out int number)
    {
        number = 0;
        if (rest.Length < count)
        {
            return false;
        }

        foreach (var b in rest[..count])
        {
            if (!IsDigit(b))
            {
                return false;
            }

            number = (number * 10) + (b - '0');
        }

        rest = rest[count..];
        return number >= least && number <= most;
    }

    static bool TryByte(ref ReadOnlySpan<byte> rest, char expected)
    {
        var isThere = !rest.IsEmpty && rest[0] == expected;
        rest = isThere ? rest[1..] : rest;
        return isThere;
    }

    static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
