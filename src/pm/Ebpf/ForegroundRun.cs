using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>Shows what an attached object tells, until it is interrupted, its time is over or it has nothing more to tell; then detaches it.</summary>
static class ForegroundRun
{
    /// <param name="context">The world.</param>
    /// <param name="running">What is attached.</param>
    /// <param name="spec">What it says of itself.</param>
    /// <param name="output">What shows it.</param>
    /// <param name="choices">What the command line says of it.</param>
    /// <param name="maps">The maps that have events, for who is told.</param>
    /// <exception cref="BpfException">PM8040: the kernel tells no more; PM8059: programs could not be taken from their hooks.</exception>
    public static void Follow(PmContext context, RunningObject running, BpfSpec spec, ObjectOutput output, ObjectChoices choices, IEnumerable<EventSpec> maps)
    {
        var count = running.Attached.Length;

        // What walks has walked when its text is read.
        var hasMore = running.Attached.Any(p => !p.Walks);
        context.Terminal.Note($"{count} program{(count == 1 ? "" : "s")} attached{(hasMore && choices.Duration is null ? "; ^C ends" : "")}");
        choices.Report?.Attached(running, maps);
        var losses = new LossNotice(context, () => output.Lost() + running.ReadLost(), choices.Report);
        var follower = new EventFollower(context, output.Flush, losses, choices.Duration, output.Samples);
        follower.Begin();
        new IteratorOutput(context, running, spec, choices.EventTypes, choices.Style, () => follower.MayReadOn).Write([.. running.Attached.Where(p => p.Walks).Select(p => p.Name)], running.ReadText);
        if (hasMore)
        {
            follower.Follow(output.Maps.Count > 0 ? running.Poll : null, () => true);
        }

        running.Detach();
        follower.End(running.Drain);
        if (running.Left is > 0 and var left)
        {
            throw new BpfException(new BpfError("PM8059", $"{left} place{(left == 1 ? " has" : "s have")} programs still, which could not be taken away") { Hint = "`sudo pm stop --all`" });
        }
    }
}
