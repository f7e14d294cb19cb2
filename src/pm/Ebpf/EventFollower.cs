using Pm.Linux;

namespace Pm.Cli.Ebpf;

/// <summary>Writes events as they come, and what is in maps, until it is interrupted, the time is over, or there is nothing left to follow.</summary>
/// <param name="context">Whose time and signals.</param>
/// <param name="flush">Sends on what was written.</param>
/// <param name="losses">Says how many events nobody saw.</param>
/// <param name="duration">Null: until it is interrupted.</param>
/// <param name="samples">The maps that are shown; null: none.</param>
sealed class EventFollower(PmContext context, Action flush, LossNotice losses, TimeSpan? duration, SampleTimer? samples = null)
{
    /// <summary>How long a signal may wait to be seen.</summary>
    static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    /// <summary>How long somebody who reads nothing is waited for when a signal has ended it.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    long _start;

    /// <summary>What goes before all else: from now on its time runs, and who reads nothing keeps no program at its hook.</summary>
    public void Begin()
    {
        _start = context.Time.GetTimestamp();
        context.Terminal.Await(_ => !IsInterrupted && Left().Ticks > 0);
    }

    /// <summary>Asked for each piece of an iterator's text. When the time is over, a reader who keeps up is given all of it.</summary>
    public bool MayReadOn => !IsInterrupted && (Left().Ticks > 0 || !context.Terminal.IsReaderBehind);

    /// <summary>Ends by a signal as by the end of its time: that is how one ends it.</summary>
    /// <param name="poll">Waits so long for events; null where there are none to come.</param>
    /// <param name="lives">Whether there is still something to follow.</param>
    public void Follow(Action<TimeSpan>? poll, Func<bool> lives)
    {
        flush();
        while (!IsInterrupted && Left() is { Ticks: > 0 } most && lives())
        {
            if (context.Terminal.IsReaderGone)
            {
                throw new SystemCallException("write", Errno.EPIPE, "standard output");
            }

            var left = samples is not null && samples.Left < most ? samples.Left : most;
            if (poll is null)
            {
                context.Cancellation.WaitHandle.WaitOne(left);
            }
            else
            {
                poll(left);
                flush();
            }

            samples?.ShowDue();
            losses.TellGrown();
        }
    }

    /// <summary>The last events, what is in the maps at the end, and how many events nobody saw.</summary>
    public void End(Action drain)
    {
        context.Terminal.Await(stalled => !IsInterrupted || stalled < Grace);
        drain();
        flush();
        samples?.ShowAll();
        if (context.Terminal.Finish() is > 0 and var left)
        {
            context.Terminal.Say($"warning: {left} bytes of events were left out, as nobody read them");
        }

        losses.TellAll();
    }

    bool IsInterrupted => context.Cancellation.IsCancellationRequested;

    TimeSpan Left()
    {
        var left = duration is { } whole ? whole - context.Time.GetElapsedTime(_start) : Turn;
        return left < Turn ? left : Turn;
    }
}
