using Pm.Ebpf.Events;

namespace Pm.Cli.Ebpf;

/// <summary>Writes events as they come, until it is interrupted, the time is over, or there is nothing left to follow.</summary>
/// <param name="context">Whose time and signals.</param>
/// <param name="printer">What writes them.</param>
/// <param name="duration">Null: until it is interrupted.</param>
sealed class EventFollower(PmContext context, EventPrinter printer, TimeSpan? duration)
{
    /// <summary>How long a signal may wait to be seen.</summary>
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    /// <summary>Ends by a signal as by the end of its time: that is how one ends it.</summary>
    /// <param name="poll">Waits so long for events; null where there are none to come.</param>
    /// <param name="lives">Whether there is still something to follow.</param>
    public void Follow(Action<TimeSpan>? poll, Func<bool> lives)
    {
        var start = context.Time.GetTimestamp();
        printer.Flush();
        while (!context.Cancellation.IsCancellationRequested && Left(start) is { Ticks: > 0 } left && lives())
        {
            if (poll is null)
            {
                context.Cancellation.WaitHandle.WaitOne(left);
                continue;
            }

            poll(left);
            printer.Flush();
        }
    }

    /// <summary>The last events, and how many nobody saw.</summary>
    public void End(Action drain)
    {
        drain();
        printer.Flush();
        if (printer.Lost > 0)
        {
            context.Terminal.Say($"warning: {printer.Lost} events were lost: they came faster than they were read");
        }
    }

    TimeSpan Left(long start)
    {
        var left = duration is { } whole ? whole - context.Time.GetElapsedTime(start) : Turn;
        return left < Turn ? left : Turn;
    }
}
