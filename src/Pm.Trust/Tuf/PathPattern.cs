namespace Pm.Trust.Tuf;

/// <summary>The shell patterns of delegations: <c>*</c> and <c>?</c>, which never stand for a slash. Source: TUF 4.5.</summary>
static class PathPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        while (true)
        {
            var patternPart = NextPart(ref pattern, out var isLastPattern);
            var pathPart = NextPart(ref path, out var isLastPath);
            if (!MatchesPart(patternPart, pathPart) || isLastPattern != isLastPath)
            {
                return false;
            }

            if (isLastPattern)
            {
                return true;
            }
        }
    }

    static ReadOnlySpan<char> NextPart(ref ReadOnlySpan<char> rest, out bool isLast)
    {
        var slash = rest.IndexOf('/');
        isLast = slash < 0;
        var part = isLast ? rest : rest[..slash];
        rest = isLast ? [] : rest[(slash + 1)..];
        return part;
    }

    /// <summary>Goes back to the last star only: time is the product of the lengths at worst.</summary>
    static bool MatchesPart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var letter = 0; letter < text.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, letter);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == text[letter]))
            {
                at++;
                letter++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                letter = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }
}
