namespace Pm.Ebpf.Fitting;

/// <summary>What instructions make of numbers. Source: RFC 9669.</summary>
static class Arithmetic
{
    /// <summary>The result; null for an operation that is not followed.</summary>
    public static long? Apply(int operation, long left, long right, bool is32Bits)
    {
        if (is32Bits)
        {
            (left, right) = ((uint)left, (uint)right);
        }

        var shift = (int)(right & (is32Bits ? 31 : 63));
        long? result = operation switch
        {
            0x00 => left + right,
            0x10 => left - right,
            0x20 => left * right,
            0x40 => left | right,
            0x50 => left & right,
            0x60 => left << shift,
            0x70 => is32Bits ? (uint)left >> shift : (long)((ulong)left >> shift),
            0x80 => -left,
            0xa0 => left ^ right,
            0xb0 => right,
            0xc0 => is32Bits ? (int)left >> shift : left >> shift,
            _ => null,
        };
        return result is { } number && is32Bits ? (uint)number : result;
    }

    /// <summary>Compilers widen a number by shifting it there and back; null where it is something else, or would not be the same number any more.</summary>
    public static ReachValue? Shifted(int operation, ReachValue value, long by, bool is32Bits)
    {
        const int mostBits = 62;
        var end = value.Shift + 8;
        return is32Bits || by is < 0 or >= mostBits || value.Number < 0 ? null : operation switch
        {
            0x60 when end + by <= mostBits && value.Number <= long.MaxValue >> (int)by >> 1 => ReachValue.Spread(value.Number << (int)by, value.Shift + (int)by),
            0x70 or 0xc0 when value.Shift >= by => ReachValue.Spread(value.Number >> (int)by, value.Shift - (int)by),
            _ => null,
        };
    }

    /// <summary>Whether a jump is taken, whatever the numbers are between their bounds; null where that depends on them, or it is not followed.</summary>
    public static bool? Jumps(int operation, (long Low, long High) left, (long Low, long High) right, bool is32Bits)
    {
        if (left.Low == left.High && right.Low == right.High)
        {
            return Jumps(operation, left.Low, right.Low, is32Bits);
        }

        if (Math.Min(left.Low, right.Low) < 0 || (is32Bits && Math.Max(left.High, right.High) > int.MaxValue))
        {
            return null;
        }

        var isApart = left.High < right.Low || right.High < left.Low;
        return operation switch
        {
            0x10 => isApart ? false : null,
            0x50 => isApart ? true : null,
            0x40 => null,
            // An order holds for all where it holds for the ends.
            _ => Jumps(operation, left.Low, right.High, is32Bits) is { } taken && taken == Jumps(operation, left.High, right.Low, is32Bits) ? taken : null,
        };
    }

    /// <summary>Whether a jump is taken; null for one that is not followed.</summary>
    public static bool? Jumps(int operation, long left, long right, bool is32Bits)
    {
        if (is32Bits)
        {
            (left, right) = ((int)left, (int)right);
        }

        var (bare, bareRight) = is32Bits ? ((uint)left, (uint)right) : ((ulong)left, (ulong)right);
        return operation switch
        {
            0x10 => left == right,
            0x20 => bare > bareRight,
            0x30 => bare >= bareRight,
            0x40 => (left & right) != 0,
            0x50 => left != right,
            0x60 => left > right,
            0x70 => left >= right,
            0xa0 => bare < bareRight,
            0xb0 => bare <= bareRight,
            0xc0 => left < right,
            0xd0 => left <= right,
            _ => null,
        };
    }
}
