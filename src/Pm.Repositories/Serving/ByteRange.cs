namespace Pm.Repositories.Serving;

/// <summary>What a <c>Range</c> header asks of a file of a known size. Source: RFC 9110 14.2.</summary>
/// <param name="Kind">Everything, a part, or nothing that is there.</param>
/// <param name="Offset">Of the first byte.</param>
/// <param name="Count">Of bytes; never 0 for a part.</param>
public readonly record struct ByteRange(ByteRangeKind Kind, long Offset, long Count)
{
    /// <summary>Longer headers are read as none: no one range needs it.</summary>
    const int MaximumLength = 256;

    /// <summary>One range is obeyed. Several, other units and what is malformed are read as no header at all, which the RFC allows.</summary>
    public static ByteRange Parse(string? header, long size)
    {
        var whole = new ByteRange(ByteRangeKind.Whole, 0, size);
        if (header is not { Length: <= MaximumLength } || !header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return whole;
        }

        var list = header.AsSpan("bytes=".Length);
        ReadOnlySpan<char> only = default;
        foreach (var range in list.Split(','))
        {
            var element = list[range].Trim(" \t");
            if (!element.IsEmpty && !only.IsEmpty)
            {
                return whole;
            }

            only = element.IsEmpty ? only : element;
        }

        return ParseOne(only, size) ?? whole;
    }

    /// <summary>Null where it is malformed.</summary>
    static ByteRange? ParseOne(ReadOnlySpan<char> text, long size)
    {
        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            return null;
        }

        if (dash == 0)
        {
            return Number(text[1..]) switch
            {
                null => null,
                0 => new(ByteRangeKind.Unsatisfiable, 0, 0),
                _ when size == 0 => null,
                { } last => new(ByteRangeKind.Part, size - Math.Min(last, size), Math.Min(last, size)),
            };
        }

        if (Number(text[..dash]) is not { } first)
        {
            return null;
        }

        var end = dash == text.Length - 1 ? long.MaxValue : Number(text[(dash + 1)..]);
        return end is null || end < first ? null
            : first >= size ? new(ByteRangeKind.Unsatisfiable, 0, 0)
            : new(ByteRangeKind.Part, first, Math.Min(end.Value, size - 1) - first + 1);
    }

    /// <summary>Digits and nothing else; what no file can have is the largest number there is.</summary>
    static long? Number(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? value
            : long.MaxValue;
    }
}
