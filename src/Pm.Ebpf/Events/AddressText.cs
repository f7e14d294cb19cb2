namespace Pm.Ebpf.Events;

/// <summary>Writes addresses of the network, and allocates nothing for it.</summary>
static class AddressText
{
    const int Groups = 8;

    /// <summary>An IPv6 address whose last four bytes are one of IPv4 begins so (RFC 4291, 2.5.5.2).</summary>
    static ReadOnlySpan<byte> Mapped => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <param name="bytes">4 of IPv4, or 16 of IPv6; one of IPv4 in that form is written as one of IPv4.</param>
    /// <param name="into">Where it is written.</param>
    public static void Write(ReadOnlySpan<byte> bytes, EventBuffer into)
    {
        if (bytes.Length == 4 || bytes.StartsWith(Mapped))
        {
            WriteFour(bytes[^4..], into);
        }
        else
        {
            WriteSixteen(bytes, into);
        }
    }

    static void WriteFour(ReadOnlySpan<byte> bytes, EventBuffer into)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (i > 0)
            {
                into.Append((byte)'.');
            }

            into.Append((int)bytes[i]);
        }
    }

    /// <summary>As RFC 5952 has it: the longest row of zeroes, the first of equally long ones, is left out.</summary>
    static void WriteSixteen(ReadOnlySpan<byte> bytes, EventBuffer into)
    {
        var (begin, length) = Zeroes(bytes);
        for (var i = 0; i < Groups; i++)
        {
            if (i == begin)
            {
                into.Append("::"u8);
                i += length - 1;
                continue;
            }

            if (i > 0 && i != begin + length)
            {
                into.Append((byte)':');
            }

            into.Append((ulong)Group(bytes, i), "x");
        }
    }

    static int Group(ReadOnlySpan<byte> bytes, int at) => bytes[2 * at] << 8 | bytes[2 * at + 1];

    /// <summary>A single group is no row.</summary>
    static (int Begin, int Length) Zeroes(ReadOnlySpan<byte> bytes)
    {
        var (best, longest) = (-1, 1);
        for (var i = 0; i < Groups; i++)
        {
            var end = i;
            while (end < Groups && Group(bytes, end) == 0)
            {
                end++;
            }

            if (end - i > longest)
            {
                (best, longest) = (i, end - i);
            }

            i = end;
        }

        return (best, best < 0 ? 0 : longest);
    }
}
