namespace Pm.Repositories.Serving;

/// <summary>Comparing the entity tags of <c>If-Match</c>, <c>If-None-Match</c> and <c>If-Range</c>. Source: RFC 9110 8.8.3, 13.1.</summary>
static class EntityTags
{
    /// <summary>Longer lists are read as if no tag in them were ours.</summary>
    const int MaximumLength = 4096;

    /// <summary>Whether <paramref name="list"/> is <c>*</c> or has <paramref name="tag"/> in it.</summary>
    /// <param name="list">As sent.</param>
    /// <param name="tag">A strong tag with its quotes.</param>
    /// <param name="allowsWeak">Whether <c>W/"x"</c> is as good as <c>"x"</c>: the weak comparison.</param>
    public static bool Contains(string list, string tag, bool allowsWeak)
    {
        var rest = list.Length <= MaximumLength ? list.AsSpan().Trim(" \t") : [];
        if (rest is "*")
        {
            return true;
        }

        while (!rest.IsEmpty)
        {
            var isWeak = rest.StartsWith("W/\"");
            rest = isWeak ? rest[2..] : rest;
            if (rest[0] != '"' || rest[1..].IndexOf('"') is not (>= 0 and var length))
            {
                return false;
            }

            if (rest[..(length + 2)].SequenceEqual(tag) && (allowsWeak || !isWeak))
            {
                return true;
            }

            rest = rest[(length + 2)..].TrimStart(" \t,");
        }

        return false;
    }
}
