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
