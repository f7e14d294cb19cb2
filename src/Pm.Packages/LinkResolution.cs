namespace Pm.Packages;

/// <summary>
/// Where symbolic links lead in a tree that may not exist yet, decided as a kernel would walk them: link by link, not
/// by the text alone, because <c>a/..</c> is not <c>.</c> when <c>a</c> is a link.
/// </summary>
/// <param name="targetOf">The target of the symlink at a path in the tree; null when no symlink is there.</param>
public sealed class LinkResolution(Func<string, string?> targetOf)
{
    // The kernel gives up after 40 links, but other programs resolve on their own. The steps are shared by all
    // questions, so that links which multiply one another end in an answer too.
    const int MaximumLinks = 10_000;
    const int MaximumSteps = 20_000_000;

    int _steps;

    /// <summary>Whether following the link at <paramref name="path"/> leaves the tree, or goes on beyond all measure.</summary>
    /// <param name="path">Relative to the tree, without <c>.</c> and <c>..</c>.</param>
    /// <param name="target">Its text.</param>
    public bool LeadsOutside(string path, string target)
    {
        var at = new List<string>(path.Split('/')[..^1]);
        if (!TryPrepend(target, null, out var pending))
        {
            return true;
        }

        var seen = new HashSet<(string, Way?)>();
        while (pending is not null)
        {
            if (++_steps > MaximumSteps)
            {
                return true;
            }

            var segment = pending.Segment;
            pending = pending.Rest;
            switch (segment)
            {
                case "" or ".":
                    break;
                case ".." when at.Count == 0:
                    return true;
                case "..":
                    at.RemoveAt(at.Count - 1);
                    break;
                default:
                    if (Enter(segment, at, ref pending, seen) is { } answer)
                    {
                        return answer;
                    }

                    break;
            }
        }

        return false;
    }

    // Null: go on.
    bool? Enter(string segment, List<string> at, ref Way? pending, HashSet<(string, Way?)> seen)
    {
        at.Add(segment);
        var path = string.Join('/', at);
        if (targetOf(path) is not { } target)
        {
            return null;
        }

        // The same link with the same way still to go, and nothing else that decides: it turns in a circle for ever.
        if (!seen.Add((path, pending)))
        {
            return false;
        }

        at.RemoveAt(at.Count - 1);
        return seen.Count > MaximumLinks || !TryPrepend(target, pending, out pending) ? true : null;
    }

    static bool TryPrepend(string target, Way? rest, out Way? way)
    {
        way = rest;
        if (target.StartsWith('/'))
        {
            return false;
        }

        var segments = target.Split('/');
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            way = new Way(segments[i], way);
        }

        return true;
    }

    // A list that shares its tail: two ways are the same when they are the same object.
    sealed class Way(string segment, Way? rest)
    {
        public string Segment => segment;

        public Way? Rest => rest;
    }
}
