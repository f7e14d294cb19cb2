namespace Pm.Packages.Index;

/// <summary>How many letters were typed wrongly: insertions, deletions, substitutions, swaps of neighbours.</summary>
/// <remarks>Optimal string alignment, the restricted Damerau-Levenshtein distance.</remarks>
public static class EditDistance
{
    /// <summary>The candidates that <paramref name="text"/> was perhaps meant for, nearest first, then by their bytes.</summary>
    public static IEnumerable<string> Nearest(string text, IEnumerable<string> candidates, int most)
    {
        // A third of the letters wrong is still a slip; more is another word.
        var limit = Math.Max(1, text.Length / 3);
        return candidates
            .Select(c => (Text: c, Distance: Between(text, c, limit)))
            .Where(c => c.Distance <= limit)
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Text, StringComparer.Ordinal)
            .Take(most)
            .Select(c => c.Text);
    }

    /// <summary>The distance, or a number above <paramref name="limit"/> as soon as it is sure to be above.</summary>
    public static int Between(ReadOnlySpan<char> left, ReadOnlySpan<char> right, int limit)
    {
        if (Math.Abs(left.Length - right.Length) > limit)
        {
            return limit + 1;
        }

        var width = right.Length + 1;
        var before = new int[width];
        var previous = new int[width];
        var row = new int[width];
        for (var j = 0; j < width; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            var smallest = i;
            for (var j = 1; j < width; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }

                smallest = Math.Min(smallest, row[j]);
            }

            if (smallest > limit)
            {
                return limit + 1;
            }

            (before, previous, row) = (previous, row, before);
        }

        return previous[^1];
    }
}
