namespace Pm.Ebpf.Probing;

/// <summary>Finds names that somebody may have meant.</summary>
static class Nearest
{
    const int Shown = 3;

    /// <summary>Those that differ least, at most so many; none where even they differ in more than a third.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> known)
    {
        var limit = Math.Max(2, name.Length / 3);
        return [.. known
            .Where(k => Math.Abs(k.Length - name.Length) <= limit)
            .Select(k => (Name: k, Distance: Distance(name, k)))
            .Where(k => k.Distance <= limit)
            .OrderBy(k => k.Distance).ThenBy(k => k.Name, StringComparer.Ordinal)
            .Take(Shown)
            .Select(k => k.Name)];
    }

    /// <summary>"; did you mean `a`, `b`?", or nothing.</summary>
    public static string Suggestion(string name, IEnumerable<string> known) =>
        To(name, known) is { Count: > 0 } near ? $"; did you mean {string.Join(", ", near.Select(n => $"`{n}`"))}?" : "";

    /// <summary>How many characters have to be changed, added or left out. Source: Levenshtein.</summary>
    static int Distance(string one, string other)
    {
        Span<int> row = stackalloc int[other.Length <= 512 ? other.Length + 1 : 0];
        if (row.IsEmpty)
        {
            return int.MaxValue;
        }

        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j < row.Length; j++)
            {
                var change = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
