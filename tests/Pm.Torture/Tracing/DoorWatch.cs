using System.Globalization;
using System.Text.RegularExpressions;

namespace Pm.Torture.Tracing;

/// <summary>
/// Holds what the door has counted (the lines of PM_TRACE_WRITES, each written before its call by the thread that makes it)
/// against what the kernel was asked for: every call that changes a file must be the one that the line before it named, and
/// every line must be followed by its call. So a write beside the door is found, and a door that counts what is not made.
/// </summary>
/// <param name="traceFile">The file that the lines are written to.</param>
/// <param name="isForeign">What another library does by itself, from the call and its path, as a database with its file.</param>
sealed partial class DoorWatch(string traceFile, Func<string, string, bool> isForeign)
{
    // Its changes are SQLite's own, and go to foreign paths.
    const string Commit = "commit";

    readonly Dictionary<string, (string Word, string Path, long Number)> _announced = new(StringComparer.Ordinal);
    readonly List<string> _findings = [];

    /// <summary>How many calls went through the door.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<string> Findings => _findings;

    /// <param name="calls">Of one process and its threads.</param>
    /// <param name="traceFile">See <see cref="DoorWatch"/>.</param>
    /// <param name="isForeign">See <see cref="DoorWatch"/>.</param>
    public static DoorWatch Over(IEnumerable<TracedCall> calls, string traceFile, Func<string, string, bool> isForeign)
    {
        var watch = new DoorWatch(traceFile, isForeign);
        foreach (var call in calls.OrderBy(call => call.Begin))
        {
            watch.Take(call);
        }

        foreach (var (word, path, number) in watch._announced.Values)
        {
            watch.Miss(number, word, path);
        }

        return watch;
    }

    void Take(TracedCall call)
    {
        var paths = Paths(call);
        if (call.Name is "write" && paths.Count > 0 && paths[0].Path == traceFile)
        {
            Announce(call);
        }
        else if (WordOf(call, paths) is { } word)
        {
            Meet(call, word, paths);
        }
    }

    void Announce(TracedCall call)
    {
        if (Line().Match(call.Arguments) is not { Success: true } line)
        {
            _findings.Add($"line {call.Begin}: not a line of the door: {call.Arguments}");
            return;
        }

        if (_announced.Remove(call.Process, out var before))
        {
            Miss(before.Number, before.Word, before.Path);
        }

        var number = long.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture);
        Count++;
        if (line.Groups[2].Value != Commit)
        {
            _announced[call.Process] = (line.Groups[2].Value, line.Groups[3].Value, number);
        }
    }

    void Meet(TracedCall call, string word, List<(string Path, bool IsName)> paths)
    {
        var changed = paths.Count == 0 ? "" : word is "copy_file_range" ? paths[^1].Path : IsByName(word) ? paths[^1].Path : paths[0].Path;
        if (_announced.Remove(call.Process, out var announced) && announced.Word == word)
        {
            if (IsByName(word) && Path.GetFileName(announced.Path) != Path.GetFileName(changed) && announced.Path != changed)
            {
                _findings.Add($"{announced.Number} was announced for {announced.Path}, and {word} was made of {changed}");
            }

            return;
        }

        if (announced.Word is not null)
        {
            _announced[call.Process] = announced;
        }

        if (changed != traceFile && !isForeign(word, changed))
        {
            _findings.Add($"beside the door: {call.Name} of {changed}{(announced.Word is null ? "" : $", where {announced.Word} was announced")} (line {call.Begin}: {Cut(call.Arguments)} = {call.Result})");
        }
    }

    void Miss(long number, string word, string path) => _findings.Add($"{number} {word} {path} was announced, and not made");

    static bool IsByName(string word) => word is "open" or "link" or "symlink" or "mkdir" or "rename" or "exchange" or "unlink" or "rmdir";

    /// <summary>What the door calls it; null: it changes no file.</summary>
    static string? WordOf(TracedCall call, List<(string Path, bool IsName)> paths)
    {
        bool Says(string flag) => call.Arguments.Contains(flag, StringComparison.Ordinal);
        var isFile = paths.Count > 0 && IsFile(paths[0].Path);
        return call.Name switch
        {
            "open" or "openat" or "openat2" => Says("O_CREAT") || Says("O_TMPFILE") || Says("O_TRUNC") ? isFile ? "open" : null : null,
            "creat" => "open",
            "write" or "pwrite64" or "writev" or "pwritev" or "pwritev2" or "sendfile" or "splice" => isFile ? "write" : null,
            "truncate" or "ftruncate" => isFile ? "truncate" : null,
            "rename" or "renameat" => "rename",
            "renameat2" => Says("RENAME_EXCHANGE") ? "exchange" : "rename",
            "link" or "linkat" => "link",
            "symlink" or "symlinkat" => "symlink",
            "mkdir" or "mkdirat" => "mkdir",
            "unlink" => "unlink",
            "unlinkat" => Says("AT_REMOVEDIR") ? "rmdir" : "unlink",
            "rmdir" => "rmdir",
            "chmod" or "fchmod" or "fchmodat" or "fchmodat2" => "chmod",
            "chown" or "lchown" or "fchown" or "fchownat" => "chown",
            "utime" or "utimes" or "futimesat" or "utimensat" => "utimens",
            "setxattr" or "lsetxattr" or "fsetxattr" or "removexattr" or "fremovexattr" => "setxattr",
            "ioctl" => Says("FICLONE") ? "clone" : null,
            "mmap" => isFile && Says("PROT_WRITE") && Says("MAP_SHARED") ? "mmap" : null,
            "fallocate" => isFile ? "fallocate" : null,
            "copy_file_range" or "fsync" or "fdatasync" or "syncfs" or "sync" or "mknod" or "mknodat" or "io_uring_setup" => call.Name,
            _ => null,
        };
    }

    /// <summary>No pipe, socket, terminal or anonymous memory.</summary>
    static bool IsFile(string path) => path.StartsWith('/')
        && !path.StartsWith("/proc/", StringComparison.Ordinal) && !path.StartsWith("/memfd:", StringComparison.Ordinal)
        && !(path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));

    /// <summary>The absolute paths of the arguments, in order: of a descriptor its own, of a name that of its directory and the name.</summary>
    static List<(string Path, bool IsName)> Paths(TracedCall call)
    {
        var paths = new List<(string Path, bool IsName)>();
        var isWrite = call.Name is "write" or "pwrite64" or "writev" or "pwritev" or "pwritev2" or "setxattr" or "fsetxattr" or "fremovexattr";
        // What is written, and the text of a symbolic link, are no paths; they stand in quotes, the first quotes of a symlink.
        var isText = call.Name is "symlink" or "symlinkat";
        foreach (Match match in Argument().Matches(call.Arguments))
        {
            if (match.Groups["at"].Success)
            {
                paths.Add((match.Groups["at"].Value, false));
                if (isWrite)
                {
                    break;
                }
            }
            else if (isText)
            {
                isText = false;
            }
            else
            {
                var name = match.Groups["name"].Value;
                if (name.StartsWith('/') || paths.Count == 0 || paths[^1].IsName)
                {
                    RemoveUnused();
                    paths.Add((name, true));
                }
                else
                {
                    paths[^1] = (name is "" or "." ? paths[^1].Path : $"{paths[^1].Path}/{name}", true);
                }
            }
        }

        return paths;

        // The working directory before an absolute path.
        void RemoveUnused()
        {
            if (paths.Count > 0 && !paths[^1].IsName)
            {
                paths.RemoveAt(paths.Count - 1);
            }
        }
    }

    static string Cut(string text) => text.Length > 200 ? text[..200] + "…" : text;

    [GeneratedRegex(@"""(\d+) (\w+) (.*)\\n""")]
    private static partial Regex Line();

    // 7</a/directory>, AT_FDCWD</a/directory>, or "a name".
    [GeneratedRegex(@"(?:\d+|AT_FDCWD)<(?<at>[^>]*)>(?:\(deleted\))?|""(?<name>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Argument();
}
