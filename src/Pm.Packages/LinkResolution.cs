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
        var pending = new Stack<string>();
        if (!Push(pending, target))
        {
            return true;
        }

        var seen = new HashSet<(string, int)>();
        while (pending.TryPop(out var segment))
        {
            if (++_steps > MaximumSteps)
            {
                return true;
            }

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
                    if (Enter(segment, at, pending, seen) is { } answer)
                    {
                        return answer;
                    }

                    break;
            }
        }

        return false;
    }

    // Null: go on.
    bool? Enter(string segment, List<string> at, Stack<string> pending, HashSet<(string, int)> seen)
    {
        at.Add(segment);
        var path = string.Join('/', at);
        if (targetOf(path) is not { } target)
        {
            return null;
        }

        // The same link with the same way still to go: it turns in a circle and leads nowhere at all.
        if (!seen.Add((path, pending.Count)))
        {
            return false;
        }

        at.RemoveAt(at.Count - 1);
        return seen.Count > MaximumLinks || !Push(pending, target) ? true : null;
    }

    static bool Push(Stack<string> pending, string target)
    {
        if (target.StartsWith('/'))
        {
            return false;
        }

        var segments = target.Split('/');
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            pending.Push(segments[i]);
        }

        return true;
    }
}
