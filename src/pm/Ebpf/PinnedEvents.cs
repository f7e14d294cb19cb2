using Pm.Cli.Commands.Running;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Ebpf;

/// <summary>Shows the events of what runs on its own: those that wait in its buffers, and where that is wanted those that come; and what is in its maps.</summary>
static class PinnedEvents
{
    /// <param name="context">The world.</param>
    /// <param name="text">What names it.</param>
    /// <param name="style">How they look.</param>
    /// <param name="follows">Whether those that come are shown, too.</param>
    /// <param name="duration">For how long; null: until it is interrupted, or ends.</param>
    /// <param name="report">Who is told that they are read; null: nobody.</param>
    /// <exception cref="BpfException">PM8030, PM8053, PM8058: they cannot be read.</exception>
    /// <exception cref="CommandException">PM8054: another reads them; PM8055, PM8056: not one is meant.</exception>
    public static ExitCode Show(PmContext context, string text, EventStyle style, bool follows, TimeSpan? duration, RunReport? report)
    {
        var name = PinnedNames.Require(text);
        using var pinned = PinnedObject.TryOpen(name) ?? throw PinnedNames.Gone(text);
        if (!pinned.TryTakeEvents())
        {
            throw new CommandException(ExitCode.LockBusy, "PM8054", $"another process reads the events of {name}, and each event goes to one reader");
        }

        var (spec, output) = Output(context, pinned, style);
        report?.Reads(pinned, output.Maps);
        var walks = spec.Programs.Where(p => p.Walks && pinned.Record.Programs.Contains(p.Name)).Select(p => p.Name).ToList();
        if (output.Maps.Count == 0 && !output.Samples.HasMaps && walks.Count == 0)
        {
            context.Terminal.Note($"{name} has no events");
            return ExitCode.Ok;
        }

        if (!follows && output.Maps.Any(m => m.Kind is MapKind.PerfEventArray))
        {
            context.Terminal.Note($"{name} keeps no events while nobody reads them (perf buffer); `pm logs -f {name}` shows those that come");
        }

        var losses = pinned.Losses(spec);
        var notice = new LossNotice(context, () => output.Lost() + losses(), report, since: LossCounters.Of(spec).IsEmpty ? "" : " since it was started");
        var follower = new EventFollower(context, output.Flush, notice, duration, output.Samples);
        follower.Begin();
        new IteratorOutput(context, pinned, spec, pinned.Record.EventTypes, style, () => follower.MayReadOn).Write(walks, pinned.ReadText);
        if (follows && walks.Count < pinned.Record.Programs.Length)
        {
            follower.Follow(output.Maps.Count > 0 ? pinned.Poll : null, () => pinned.Lives);
        }

        follower.End(pinned.Drain);
        return ExitCode.Ok;
    }

    static (BpfSpec Spec, ObjectOutput Output) Output(PmContext context, PinnedObject pinned, EventStyle style)
    {
        var spec = pinned.ReadSpec();
        if (pinned.ReadMeta() is not { } meta)
        {
            return (spec, ObjectOutput.Of(context, pinned, spec, EventMaps.Of(spec, pinned.Record.EventTypes, pinned.Record.Path), style));
        }

        var shown = EunomiaShown.Of(spec, meta);
        return (shown.Spec, ObjectOutput.Of(context, pinned, shown, style));
    }
}
