using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// Feeding a child and hearing it until it ends, in one loop over poll(2), so that no full pipe stops either side. What
/// a grandchild that outlives it still holds open is not waited for.
/// </summary>
sealed partial class ChildConversation
{
    const short Readable = 1;
    const short Writable = 4;
    const int AskToEnd = 15;
    const int End = 9;
    const int ChunkSize = 64 * 1024;
    const int ById = 1; // P_PID
    const int SignalInformationSize = 128;

    readonly ChildOptions _options;
    readonly int _pid;
    readonly int _group;
    readonly ChildFeed? _feed;
    readonly ChildCapture? _output;
    readonly ChildCapture? _error;
    readonly byte[] _chunk = new byte[ChunkSize];
    readonly long _start = Stopwatch.GetTimestamp();
    TimeSpan? _endAt;
    bool _hasTimedOut;

    public ChildConversation(ChildOptions options, int pid, int group, Pipe? input, Pipe? output, Pipe? error)
    {
        _options = options;
        _pid = pid;
        _group = group;
        _feed = input is null ? null : new ChildFeed(input, options);
        _output = output is null ? null : new ChildCapture(output, options.OutputLimit);
        _error = error is null ? null : new ChildCapture(error, options.ErrorLimit);
    }

    public ChildResult Hold(CancellationToken cancellation)
    {
        var status = 0;
        try
        {
            using var descriptor = ProcessDescriptor.Open(_pid);
            using var wake = new WakeUp();
            using var registration = cancellation.UnsafeRegister(w => ((WakeUp)w!).Signal(), wake);
            Converse(descriptor, wake, cancellation);
        }
        catch
        {
            _endAt = TimeSpan.Zero;
            throw;
        }
        finally
        {
            // Whatever went wrong, no child stays behind, running or as a zombie. Until it is reaped its number is its
            // own, and its group's.
            if (_endAt is not null)
            {
                SendSignal(End);
            }
            status = _options.Confinement is null ? Reap() : ReapConfined();
        }
        return _hasTimedOut || !cancellation.IsCancellationRequested
            ? Result(status)
            : throw new OperationCanceledException(cancellation);
    }

    void Converse(ProcessDescriptor descriptor, WakeUp wake, CancellationToken cancellation)
    {
        Span<PollEntry> entries = stackalloc PollEntry[5];
        while (true)
        {
            entries[0] = new PollEntry((int)descriptor.DangerousGetHandle(), Readable);
            entries[1] = new PollEntry(_endAt is null ? (int)wake.Descriptor : -1, Readable);
            entries[2] = new PollEntry(_feed?.Descriptor ?? -1, Writable);
            entries[3] = new PollEntry(_output?.Descriptor ?? -1, Readable);
            entries[4] = new PollEntry(_error?.Descriptor ?? -1, Readable);
            if (Poll(entries, (nuint)entries.Length, Milliseconds()) < 0
                && Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SystemCallException.Last("poll");
            }
            if (entries[2].Happened)
            {
                _feed?.Go(_chunk);
            }
            _output?.Drain(_chunk);
            _error?.Drain(_chunk);
            if (entries[0].Happened)
            {
                // It wrote before it ended, so this finds all of it.
                _output?.Drain(_chunk);
                _error?.Drain(_chunk);
                return;
            }
            EndIfDue(cancellation);
        }
    }

    void EndIfDue(CancellationToken cancellation)
    {
        var now = Stopwatch.GetElapsedTime(_start);
        if (_endAt is { } end)
        {
            if (now >= end)
            {
                SendSignal(End);
            }
            return;
        }
        _hasTimedOut = _options.Timeout != Timeout.InfiniteTimeSpan && now >= _options.Timeout;
        if (_hasTimedOut || cancellation.IsCancellationRequested || (_options.EndsAtOutputLimit && _output is { IsCut: true }))
        {
            _endAt = now + _options.Grace;
            SendSignal(AskToEnd);
        }
    }

    int Milliseconds()
    {
        const int AgainAfterEnd = 100;
        var until = _endAt ?? (_options.Timeout == Timeout.InfiniteTimeSpan ? null : _options.Timeout);
        if (until is null)
        {
            return -1;
        }
        var rest = (until.Value - Stopwatch.GetElapsedTime(_start)).TotalMilliseconds;
        // After SIGKILL only the kernel is waited for: a short rest, not a busy loop.
        return rest <= 0 && _endAt is not null ? AgainAfterEnd : (int)Math.Clamp(Math.Ceiling(rest), 0, int.MaxValue);
    }

    /// <summary>To the child, wherever it went: one that is not the first of its group may have left it for another, of its own.</summary>
    void SendSignal(int signal)
    {
        if (_options.InheritsInput)
        {
            _ = Kill(_pid, signal);
            return;
        }
        _ = Kill(-_group, signal);
        if (_group != _pid)
        {
            _ = Kill(-_pid, signal);
            _ = Kill(_pid, signal);
        }
    }

    int ReapConfined()
    {
        // WEXITED | WNOWAIT: whoever starts another meanwhile is not kept waiting.
        while (WaitWithoutReaping(ById, _pid, new byte[SignalInformationSize], 4 | 0x1000000) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }
        var status = ConfinedChildren.Reap(_pid, Reap);
        ConfinedChildren.EndLeft();
        return status;
    }

    int Reap()
    {
        int status;
        while (Wait(_pid, out status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SystemCallException.Last("wait", _options.FileName);
            }
        }
        return status;
    }

    // The encoding of WIFEXITED and its like. Source: wait(2).
    ChildResult Result(int status) => new()
    {
        ExitCode = (status & 0x7f) == 0 ? (status >> 8) & 0xff : null,
        Signal = (status & 0x7f) == 0 ? null : status & 0x7f,
        HasTimedOut = _hasTimedOut,
        Output = _output?.Kept ?? default,
        Error = _error?.Kept ?? default,
        IsOutputCut = _output?.IsCut ?? false,
        IsErrorCut = _error?.IsCut ?? false,
    };

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Span<PollEntry> entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitWithoutReaping(int kind, int id, Span<byte> information, int options);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    readonly struct PollEntry(int descriptor, short awaited)
    {
        readonly int _descriptor = descriptor;
        readonly short _awaited = awaited;
        readonly short _happened = 0;

        public bool Happened => _descriptor >= 0 && _happened != 0;
    }
}
