using Pm.Cli.Commands.Running;
using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;

namespace Pm.Cli.Ebpf;

/// <summary>Shows the events of what runs on its own: those that wait in its buffers, and where that is wanted those that come.</summary>
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

        var spec = pinned.ReadSpec();
        var maps = EventMaps.Of(spec, pinned.Record.EventTypes, pinned.Record.Path);
        report?.Reads(pinned, maps);
        if (maps.Count == 0)
        {
            context.Terminal.Note($"{name} has no events");
            return ExitCode.Ok;
        }

        if (!follows && maps.Any(m => m.Map.Kind is MapKind.PerfEventArray))
        {
            context.Terminal.Note($"{name} keeps no events while nobody reads them (perf buffer); `pm logs -f {name}` shows those that come");
        }

        var printer = new EventPrinter(context.Terminal.Output, style, maps.Count == 1);
        foreach (var map in maps)
        {
            pinned.Read(map.Map, printer.For(map.Map.Name, map.Type!.Value));
        }

        var losses = pinned.Losses(spec);
        var follower = new EventFollower(context, printer.Flush, () => printer.Lost + losses(), duration, since: LossCounters.Of(spec).IsEmpty ? "" : " since it was started");
        if (follows)
        {
            follower.Follow(pinned.Poll, () => pinned.Lives);
        }

        follower.End(pinned.Drain);
        report?.Lost(printer.Lost);
        return ExitCode.Ok;
    }
}
