namespace Pm.Packages.Manifests;

/// <summary>
/// A path of which a segment may have <c>*</c> in it, any text without a slash, or be <c>**</c>, any number of segments. What lies below
/// a path that matches is meant, too. Source: docs/formats/manifest.md.
/// </summary>
public sealed class PathPattern
{
    const string AnySegments = "**";

    readonly string[] _segments;

    /// <param name="text">As it stands in a manifest; <c>.</c> is everything.</param>
    public PathPattern(string text)
    {
        Text = text;
        // `a/**/**/b` says no more than `a/**/b`, and `a/**` no more than `a`, but for what is not below it.
        _segments = [.. (text == "." ? AnySegments : text).Split('/')];
    }

    public string Text { get; }

    /// <summary>Whether the pattern means <paramref name="path"/>, or a directory that it lies in.</summary>
    public bool Contains(string path) => Reach(path, isWhole: false);

    /// <summary>Whether the pattern means <paramref name="path"/> itself.</summary>
    public bool Matches(string path) => Reach(path, isWhole: true);

    public override string ToString() => Text;

    /// <summary>
    /// Takes one segment of the path after the other, and keeps which parts of the pattern may come next: time is the product of both lengths,
    /// whatever the stars.
    /// </summary>
    bool Reach(string path, bool isWhole)
    {
        var next = new bool[_segments.Length + 1];
        next[0] = true;
        PassOver(next);
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (!isWhole && next[^1])
            {
                return true;
            }

            var segment = path.AsSpan(range);
            var after = new bool[next.Length];
            for (var i = 0; i < _segments.Length; i++)
            {
                if (next[i])
                {
                    var isAny = _segments[i] == AnySegments;
                    after[i] |= isAny;
                    after[i + 1] |= !isAny && SegmentMatches(_segments[i], segment);
                }
            }

            PassOver(after);
            next = after;
        }

        return next[^1];
    }

    /// <summary>Two stars may stand for no segment.</summary>
    void PassOver(bool[] next)
    {
        for (var i = 0; i < _segments.Length; i++)
        {
            next[i + 1] |= next[i] && _segments[i] == AnySegments;
        }
    }

    /// <summary>Only the last star is ever tried again: what an earlier one could take, that one can, too.</summary>
    static bool SegmentMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, from = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, from) = (p++, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
