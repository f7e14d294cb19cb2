using System.Text.RegularExpressions;

namespace Pm.Torture.Tracing;

/// <summary>
/// Holds a trace against the rules of trust-and-safety 6.1: before success is told, and before a commit mark is given its
/// name, the content of every file that was written and every entry that was made or removed is on disk, by an fsync of the
/// file, by one of its directory, or by a syncfs.
/// </summary>
/// <param name="top">Only what lies below counts.</param>
/// <param name="promises">Which paths promise anything, relative to <paramref name="top"/>.</param>
/// <param name="decides">Which names are commit marks.</param>
sealed partial class WriteOrder(string top, Func<string, bool> promises, Func<string, bool> decides)
{
    // What is not on disk yet, with the line at which it was changed.
    readonly Dictionary<string, int> _content = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _entries = new(StringComparer.Ordinal);
    readonly HashSet<string> _neverKept = new(StringComparer.Ordinal);
    readonly List<string> _breaches = [];

    /// <summary>Who asks somebody promises nothing by it.</summary>
    readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>What was not on disk when it had to be.</summary>
    public static IReadOnlyList<string> Check(
        IEnumerable<TracedCall> calls, string top, Func<string, bool> promises, Func<string, bool> decides)
    {
        var order = new WriteOrder(top, promises, decides);
        // A sync covers what was done before it began, and counts when it has ended.
        string? main = null;
        foreach (var call in calls.OrderBy(call => call.End))
        {
            main ??= call.Process;
            order.Take(call, isMain: call.Process == main);
        }

        return order._breaches;
    }

    void Take(TracedCall call, bool isMain)
    {
        if (call.Name is "exit_group" && isMain)
        {
            Require("the end");
        }
        else if (call.Name is "connect" && Socket().Match(call.Arguments) is { Success: true } asked)
        {
            // It may be on its way still.
            _asked.Add(asked.Value);
        }
        else if (call.IsDone)
        {
            Take(call, Paths(call));
        }
    }

    void Take(TracedCall call, List<string> paths)
    {
        switch (call.Name)
        {
            case "write" or "pwrite64" or "writev" or "pwritev" when call.Arguments.StartsWith("1<", StringComparison.Ordinal):
                Require("what was printed");
                break;
            case "write" or "writev" or "sendto" or "sendmsg" when IsAnswer(call.Arguments):
                Require("what was answered");
                break;
            case "openat" or "open" or "creat" when call.Arguments.Contains("O_CREAT", StringComparison.Ordinal):
                Make(Opened(call), call.End);
                break;
            case "write" or "pwrite64" or "writev" or "pwritev" or "ftruncate" or "fallocate" or "copy_file_range" or "fchmod" or "fchown" or "fsetxattr":
                Change(paths, call);
                break;
            case "ioctl" when call.Arguments.Contains("FICLONE", StringComparison.Ordinal):
                Change(paths, call);
                break;
            case "fsync" or "fdatasync":
                Keep(paths[0], call.Begin);
                break;
            case "syncfs" or "sync":
                KeepAll(call.Begin);
                break;
            case "mkdir" or "mkdirat" or "symlink" or "symlinkat":
                Make(paths[^1], call.End);
                break;
            case "link" or "linkat":
                Make(paths[^1], call.End);
                MoveContent(paths[0], paths[^1], moves: false);
                break;
            case "rename" or "renameat" or "renameat2":
                Rename(call, paths);
                break;
            case "unlink" or "unlinkat" or "rmdir":
                Forget(paths[^1]);
                Remove(paths[^1], call.End);
                break;
        }
    }

    void Change(List<string> paths, TracedCall call)
    {
        // copy_file_range changes its second file, all others their first; what is written stands there like a path.
        if (paths.ElementAtOrDefault(call.Name is "copy_file_range" ? 1 : 0) is { } path && IsBelow(path))
        {
            _content[path] = call.End;
        }
    }

    void Rename(TracedCall call, List<string> paths)
    {
        var (from, to) = (paths[0], paths[^1]);
        if (decides(Relative(to)))
        {
            // The name that the mark had until now need never be on disk.
            _entries.Remove(from);
            Require($"{Relative(to)} was given its name", path => path.StartsWith(from + "/", StringComparison.Ordinal));
        }

        if (call.Arguments.Contains("RENAME_EXCHANGE", StringComparison.Ordinal))
        {
            Make(from, call.End);
            Make(to, call.End);
            return;
        }

        Remove(from, call.End);
        Make(to, call.End);
        MoveContent(from, to, moves: true);
    }

    void Make(string? path, int line)
    {
        if (path is not null && IsBelow(path))
        {
            _neverKept.Add(path);
            _entries[path] = line;
        }
    }

    void Remove(string path, int line)
    {
        if (!IsBelow(path))
        {
            return;
        }

        // What never was on disk need not be removed there.
        if (_neverKept.Remove(path))
        {
            _entries.Remove(path);
        }
        else
        {
            _entries[path] = line;
        }
    }

    /// <summary>What was done below a directory that is gone does not matter any more.</summary>
    void Forget(string path)
    {
        _content.Remove(path);
        foreach (var below in _entries.Keys.Where(entry => entry.StartsWith(path + "/", StringComparison.Ordinal)).ToList())
        {
            _entries.Remove(below);
        }
    }

    /// <summary>A directory takes what is below it along.</summary>
    void MoveContent(string from, string to, bool moves)
    {
        foreach (var dirty in new[] { _content, _entries })
        {
            foreach (var (path, line) in dirty.Where(d => d.Key == from || d.Key.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
            {
                if (dirty == _content || path != from)
                {
                    dirty[to + path[from.Length..]] = line;
                    if (moves)
                    {
                        dirty.Remove(path);
                    }
                }
            }
        }
    }

    void Keep(string path, int before)
    {
        if (_content.TryGetValue(path, out var line) && line < before)
        {
            _content.Remove(path);
        }

        foreach (var entry in _entries.Where(e => Path.GetDirectoryName(e.Key) == path && e.Value < before).Select(e => e.Key).ToList())
        {
            _entries.Remove(entry);
            _neverKept.Remove(entry);
        }
    }

    void KeepAll(int before)
    {
        foreach (var path in _content.Where(c => c.Value < before).Select(c => c.Key).ToList())
        {
            _content.Remove(path);
        }

        foreach (var entry in _entries.Where(e => e.Value < before).Select(e => e.Key).ToList())
        {
            _entries.Remove(entry);
            _neverKept.Remove(entry);
        }
    }

    void Require(string when, Func<string, bool>? besides = null)
    {
        foreach (var (what, dirty) in new[] { ("content of", _content), ("entry", _entries) })
        {
            foreach (var (path, line) in dirty.Where(d => IsBelow(d.Key) && (promises(Relative(d.Key)) || besides?.Invoke(d.Key) is true)).ToList())
            {
                _breaches.Add($"{what} {Relative(path)}, changed in line {line}, was not on disk before {when}");
                dirty.Remove(path);
            }
        }
    }

    bool IsBelow(string path) => path.StartsWith(top + "/", StringComparison.Ordinal) && !path.EndsWith("(deleted)", StringComparison.Ordinal);

    string Relative(string path) => IsBelow(path) ? path[(top.Length + 1)..] : path;

    bool IsAnswer(string arguments) => Socket().Match(arguments) is { Success: true } socket && !_asked.Contains(socket.Value);

    /// <summary>The first argument.</summary>
    [GeneratedRegex(@"(?<=\A\d{1,7})<socket:[^>]*>")]
    private static partial Regex Socket();

    static string? Opened(TracedCall call) => Descriptor().Match(call.Result) is { Success: true } match ? Named(match.Groups[1].Value, match.Groups[2]) : null;

    /// <summary>A file that was made without a name (O_TMPFILE) and has none yet is nobody's: it goes with who has it open.</summary>
    static string Named(string path, Group deleted) => deleted.Success && Unnamed().IsMatch(path) ? path + deleted.Value : path;

    /// <summary>The absolute paths of the arguments: of a descriptor its own, of a name that of its directory and the name.</summary>
    static List<string> Paths(TracedCall call)
    {
        var paths = new List<string>();
        string? directory = null;
        var isAboutDescriptors = call.Name is "write" or "pwrite64" or "writev" or "pwritev" or "ftruncate" or "fchmod" or "fchown" or "fsetxattr" or "ioctl";
        foreach (Match match in Argument().Matches(call.Arguments))
        {
            if (isAboutDescriptors && match.Groups[2].Success)
            {
                continue;
            }

            if (match.Groups[2].Success)
            {
                var name = match.Groups[2].Value;
                // The first string of a symlink is its target, which is no path of a file that is changed.
                if (directory is not null || name.StartsWith('/'))
                {
                    paths.Add(name.StartsWith('/') ? name : name.Length == 0 ? directory! : $"{directory}/{name}");
                    directory = null;
                }
            }
            else
            {
                AddPending();
                directory = Named(match.Groups[1].Value, match.Groups[3]);
            }
        }

        AddPending();
        return paths;

        void AddPending()
        {
            if (directory is not null)
            {
                paths.Add(directory);
                directory = null;
            }
        }
    }

    // 7</a/directory>, AT_FDCWD</a/directory>, or "a name".
    [GeneratedRegex(@"(?:\d+|AT_FDCWD)<([^>]*)>(?<3>\(deleted\))?|""(?<2>[^""]*)""(?:\.\.\.)?")]
    private static partial Regex Argument();

    [GeneratedRegex(@"^\d+<([^>]*)>(\(deleted\))?")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"/#\d+$")]
    private static partial Regex Unnamed();
}
