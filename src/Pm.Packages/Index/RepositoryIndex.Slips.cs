namespace Pm.Packages.Index;

/// <content>Names that were perhaps meant.</content>
public sealed partial class RepositoryIndex
{
    /// <summary>The numbers of the names that are <paramref name="distance"/> slips or fewer from <paramref name="text"/>.</summary>
    /// <remarks>
    /// The names are sorted, so those with one beginning stand together: the distances of a beginning are computed once, and
    /// when it is too far off already all names with it are stepped over. What is left to look at depends on the text and
    /// the distance, hardly on how many names there are.
    /// </remarks>
    internal List<(int Number, int Distance)> Near(string text, int distance)
    {
        var near = new List<(int, int)>();
        // No name has a letter beyond ASCII, so all of them are one that is wrong.
        var rows = new SlipRows([.. text.Select(letter => char.IsAscii(letter) ? (byte)letter : byte.MaxValue)], distance);
        for (var number = 0; number < NameCount;)
        {
            var name = NameText(number);
            if (rows.Advance(name) is { } dead)
            {
                number = PastPrefix(name[..dead], number);
                continue;
            }

            if (rows.Distance <= distance)
            {
                near.Add((number, rows.Distance));
            }

            number++;
        }

        return near;
    }

    /// <summary>The first name from <paramref name="from"/> on that does not begin with <paramref name="prefix"/>: in growing steps, for it is mostly near.</summary>
    int PastPrefix(ReadOnlySpan<byte> prefix, int from)
    {
        var (low, step) = (from, 1);
        while (low + step < NameCount && NameText(low + step).StartsWith(prefix))
        {
            low += step;
            step *= 2;
        }

        var high = Math.Min(low + step, NameCount);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = NameText(middle).StartsWith(prefix) ? (middle, high) : (low, middle);
        }

        return high;
    }
}
