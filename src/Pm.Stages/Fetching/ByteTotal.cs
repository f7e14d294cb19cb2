namespace Pm.Stages.Fetching;

/// <summary>Adds sizes that somebody states: nonsense must end in a large number, not in an overflow.</summary>
static class ByteTotal
{
    /// <summary>More than any disk holds, and far enough from the end to be added to.</summary>
    const long Most = 1L << 60;

    public static long Of<T>(IEnumerable<T> items, Func<T, long> size)
    {
        var total = 0L;
        foreach (var item in items)
        {
            total = Math.Min(Most, total + Math.Clamp(size(item), 0, Most));
        }

        return total;
    }
}
