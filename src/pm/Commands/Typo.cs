namespace Pm.Cli.Commands;

/// <summary>Finds what a person may have meant.</summary>
static class Typo
{
    const int ShortestWord = 3;
    const int LongestWord = 100;

    /// <summary>The candidate nearest to <paramref name="word"/>, or null when none is near: one edit in three letters.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates) =>
        word.Length is < ShortestWord or > LongestWord ? null : candidates
            .Select(c => (Candidate: c, Distance: Distance(word, c)))
            .Where(c => c.Distance <= Math.Max(1, Math.Min(word.Length, c.Candidate.Length) / 3))
            .OrderBy(c => c.Distance).ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .Select(c => c.Candidate)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.</summary>
    /// <remarks>Source: Damerau 1964, Levenshtein 1966; the restricted form, in which no part is edited twice.</remarks>
    public static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Cheapest(cost, from, to, i, j);
            }
        }

        return cost[from.Length, to.Length];
    }

    static int Cheapest(int[,] cost, string from, string to, int i, int j)
    {
        var substitute = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        var best = Math.Min(substitute, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
        var isSwap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return isSwap ? Math.Min(best, cost[i - 2, j - 2] + 1) : best;
    }
}
