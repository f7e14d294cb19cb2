using System.Runtime.InteropServices;

namespace Pm.Packages;

/// <summary>
/// Where symbolic links lead in a tree that may not exist yet, decided as a kernel would walk them: link by link, not
/// by the text alone, because <c>a/..</c> is not <c>.</c> when <c>a</c> is a link.
/// </summary>
/// <remarks>
/// A step costs what its segment is long, not what the path to it is: a path is known by a hash that grows with it, and is only
/// looked at where a link has the same.
/// </remarks>
public sealed class LinkResolution
{
    // The kernel gives up after 40 links, but other programs resolve on their own. The work is shared by all
    // questions, so that links which multiply one another end in an answer too.
    const int MaximumLinks = 10_000;
    const int MaximumWork = 20_000_000;
    const int CharactersOfWork = 16;
    const int CharactersOfAsking = 4;

    /// <summary>Characters of different paths that are asked for: each costs a walk through directories.</summary>
    const int MaximumAsked = 32 << 20;

    readonly List<(string Path, string Target, int Next)> _links = [];
    readonly Dictionary<ulong, int> _first = [];
    readonly Func<string, string?>? _before;
    readonly Dictionary<string, string?> _answers = new(StringComparer.Ordinal);
    readonly List<Segment> _at = [];
    long _asked;
    long _work;

    /// <param name="links">Path and target of each link of the tree.</param>
    /// <param name="before">The target of another symlink at a path, from before; null when none is there. Asked once a path.</param>
    public LinkResolution(IEnumerable<KeyValuePair<string, string>> links, Func<string, string?>? before = null)
    {
        ArgumentNullException.ThrowIfNull(links);
        _before = before;
        foreach (var (path, target) in links)
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_first, Hash(0, path), out var isThere);
            _links.Add((path, target, isThere ? first : -1));
            first = _links.Count - 1;
        }
    }

    /// <summary>Whether following the link at <paramref name="path"/> leaves the tree, or goes on beyond all measure.</summary>
    /// <param name="path">Relative to the tree, without <c>.</c> and <c>..</c>.</param>
    /// <param name="target">Its text.</param>
    public bool LeadsOutside(string path, string target)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(target);
        GoToParentOf(path);
        if (target.StartsWith('/'))
        {
            return true;
        }

        var seen = new HashSet<(string, Way)>();
        var pending = new Way(new WayText(target, default), 0);
        while (pending.Text is not null && _work <= MaximumWork)
        {
            var (text, start, length) = pending.Take(out var rest);
            pending = rest;
            _work++;
            switch (text.AsSpan(start, length))
            {
                case "" or ".":
                    break;
                case ".." when _at.Count == 0:
                    return true;
                case "..":
                    _at.RemoveAt(_at.Count - 1);
                    break;
                default:
                    Enter(text, start, length);
                    if (Find() is var (link, next) && Follow(link, next, ref pending, seen) is { } answer)
                    {
                        return answer;
                    }

                    break;
            }
        }

        return _work > MaximumWork;
    }

    void GoToParentOf(string path)
    {
        _at.Clear();
        for (int start = 0, end; (end = path.IndexOf('/', start)) >= 0; start = end + 1)
        {
            Enter(path, start, end - start);
        }
    }

    void Enter(string text, int start, int length)
    {
        _work += 1 + (length / CharactersOfWork);
        var hash = _at.Count == 0 ? 0 : Hash(_at[^1].Hash, "/");
        var before = _at.Count == 0 ? 0 : _at[^1].End + 1;
        _at.Add(new Segment(text, start, length, before + length, Hash(hash, text.AsSpan(start, length))));
    }

    /// <summary>The link where the walk is; null when none is there.</summary>
    (string Path, string Target)? Find()
    {
        for (var at = _first.GetValueOrDefault(_at[^1].Hash, -1); at >= 0; at = _links[at].Next)
        {
            _work += 1 + (_at[^1].End / CharactersOfWork);
            if (IsAt(_links[at].Path))
            {
                return (_links[at].Path, _links[at].Target);
            }
        }

        return _before is null ? null : FindBefore(_before);
    }

    (string Path, string Target)? FindBefore(Func<string, string?> before)
    {
        _work += 1 + (_at[^1].End / CharactersOfAsking);
        var path = PathText();
        if (!_answers.TryGetValue(path, out var target))
        {
            _asked += path.Length;
            if (_asked > MaximumAsked)
            {
                _work = MaximumWork + 1;
                return null;
            }

            _answers.Add(path, target = before(path));
        }

        return target is null ? null : (path, target);
    }

    bool IsAt(string path)
    {
        if (path.Length != _at[^1].End)
        {
            return false;
        }

        foreach (var segment in CollectionsMarshal.AsSpan(_at))
        {
            if (!path.AsSpan(segment.End - segment.Length, segment.Length).SequenceEqual(segment.Text.AsSpan(segment.Start, segment.Length))
                || (segment.End < path.Length && path[segment.End] != '/'))
            {
                return false;
            }
        }

        return true;
    }

    string PathText() => string.Create(_at[^1].End, _at, (path, at) =>
    {
        path.Fill('/');
        foreach (var segment in at)
        {
            segment.Text.AsSpan(segment.Start, segment.Length).CopyTo(path[(segment.End - segment.Length)..]);
        }
    });

    // Null: go on.
    bool? Follow(string path, string target, ref Way pending, HashSet<(string, Way)> seen)
    {
        // The same link with the same way still to go, and nothing else that decides: it turns in a circle for ever.
        if (!seen.Add((path, pending)))
        {
            return false;
        }

        if (seen.Count > MaximumLinks || target.StartsWith('/'))
        {
            return true;
        }

        _at.RemoveAt(_at.Count - 1);
        pending = new Way(new WayText(target, pending), 0);
        return null;
    }

    static ulong Hash(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            hash = (hash + letter + 1) * 0x9E37_79B9_7F4A_7C15;
        }

        return hash;
    }

    /// <summary>Where the walk is, one part of it.</summary>
    /// <param name="Text">Holds it.</param>
    /// <param name="Start">Where in that.</param>
    /// <param name="Length">Its characters.</param>
    /// <param name="End">Where it ends in the path from the top.</param>
    /// <param name="Hash">Of that path.</param>
    readonly record struct Segment(string Text, int Start, int Length, int End, ulong Hash);

    // What is still to go: the rest of a text, and behind it the rest of the one that led to it. Two are the same when they are at the same
    // place of the same texts.
    readonly record struct Way(WayText? Text, int Offset)
    {
        public (string Text, int Start, int Length) Take(out Way rest)
        {
            var text = Text!.Value;
            var slash = text.IndexOf('/', Offset);
            rest = slash < 0 ? Text.Rest : this with { Offset = slash + 1 };
            return (text, Offset, (slash < 0 ? text.Length : slash) - Offset);
        }
    }

    sealed class WayText(string value, Way rest)
    {
        public string Value => value;

        public Way Rest => rest;
    }
}
