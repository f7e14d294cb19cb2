using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// A fault for tests: the N-th call through <see cref="WriteDoor"/> after its installation fails or ends the process.
/// Text forms: <c>kill@N</c>, <c>torn@N</c>, <c>stop@N</c>, <c>enospc@N</c>, <c>eio@N</c>, <c>eintr@N</c>…; a <c>+</c> at
/// the end means “from the N-th on”. A sticky ENOSPC or EDQUOT spares <c>unlink</c> and <c>rmdir</c>, as a full disk does;
/// a sticky EINTR strikes every other call of a thread, since one that is repeated has to get through.
/// </summary>
public sealed partial class WriteFault
{
    const int KillSignal = 9;
    const int StopSignal = 19;

    static readonly (string Word, int Errno)[] Words =
    [
        ("enospc", Linux.Errno.ENOSPC), ("eio", Linux.Errno.EIO), ("eintr", Linux.Errno.EINTR),
        ("edquot", Linux.Errno.EDQUOT), ("erofs", Linux.Errno.EROFS), ("eacces", Linux.Errno.EACCES),
        ("eperm", Linux.Errno.EPERM), ("emlink", Linux.Errno.EMLINK), ("exdev", Linux.Errno.EXDEV),
    ];

    [ThreadStatic]
    static bool _wasInterrupted;

    long _seen;
    bool _hasStruck;

    /// <summary>What happens; <see cref="WriteFaultKind.Fail"/> needs an <see cref="Errno"/>.</summary>
    public required WriteFaultKind Kind { get; init; }

    /// <summary>The number of the call that is struck; the first is 1.</summary>
    public required long At { get; init; }

    /// <summary>What the struck call fails with.</summary>
    public int Errno { get; init; }

    /// <summary>Whether every call from the N-th on is struck.</summary>
    public bool IsSticky { get; init; }

    /// <summary>Only calls on this path and on paths below it count, so that tests may run beside each other.</summary>
    public string? Beneath { get; init; }

    /// <summary>Only calls of this name count: <c>link</c>, <c>rename</c>, <c>exchange</c>, <c>write</c> …</summary>
    public string? Call { get; init; }

    /// <summary>How many calls it has seen.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Whether it struck; a loop over N ends with the first run that was not struck.</summary>
    public bool HasStruck => Volatile.Read(ref _hasStruck);

    /// <summary>Reads the text of <c>PM_FAULT</c>.</summary>
    /// <param name="text">For example <c>enospc@3+</c>.</param>
    /// <param name="beneath">See <see cref="Beneath"/>.</param>
    /// <exception cref="FormatException">Not of the form <c>WORD@N</c> or <c>WORD@N+</c>.</exception>
    public static WriteFault Parse(string text, string? beneath = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var isSticky = text.EndsWith('+');
        var parts = (isSticky ? text[..^1] : text).Split('@');
        if (parts.Length != 2 || KindOf(parts[0]) is not { } kind
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at < 1)
        {
            throw new FormatException($"fault `{text}`: expected WORD@N or WORD@N+, where WORD is kill, torn, stop, "
                + string.Join(", ", Words.Select(w => w.Word)));
        }
        var errno = Array.Find(Words, w => w.Word == parts[0]).Errno;
        if (isSticky && errno is 0)
        {
            // Nobody dies twice.
            throw new FormatException($"fault `{text}`: {parts[0]} cannot be sticky");
        }
        return new WriteFault { Kind = kind, At = at, Errno = errno, IsSticky = isSticky, Beneath = beneath };
    }

    /// <summary>Counts one call; gives the errno to fail with, or 0, or ends the process.</summary>
    internal int Meet(string call, string path, bool mayTear, out bool isTorn)
    {
        isTorn = false;
        if ((Call is not null && Call != call) || (Beneath is not null && !IsWithin(path, Beneath)))
        {
            return 0;
        }
        var number = Interlocked.Increment(ref _seen);
        if (IsSticky ? number < At || Spares(call) : number != At)
        {
            return 0;
        }
        Volatile.Write(ref _hasStruck, true);
        if (Kind is WriteFaultKind.Stop)
        {
            Send(StopSignal);
            return 0;
        }
        isTorn = Kind is WriteFaultKind.Tear && mayTear;
        if (Kind is not WriteFaultKind.Fail && !isTorn)
        {
            EndProcess();
        }
        return Kind is WriteFaultKind.Fail ? Errno : 0;
    }

    /// <summary>Ends this process as a power cut would: no handler, no finally, no flush runs.</summary>
    internal static void EndProcess()
    {
        while (true)
        {
            Send(KillSignal);
        }
    }

    static void Send(int signal) => _ = Kill(GetProcessId(), signal);

    static WriteFaultKind? KindOf(string word) => word switch
    {
        "kill" => WriteFaultKind.Kill,
        "torn" => WriteFaultKind.Tear,
        "stop" => WriteFaultKind.Stop,
        _ => Array.Exists(Words, w => w.Word == word) ? WriteFaultKind.Fail : null,
    };

    static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');

    bool Spares(string call) => Errno switch
    {
        Linux.Errno.ENOSPC or Linux.Errno.EDQUOT => call is "unlink" or "rmdir",
        Linux.Errno.EINTR => !(_wasInterrupted = !_wasInterrupted),
        _ => false,
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getpid")]
    private static partial int GetProcessId();
}
