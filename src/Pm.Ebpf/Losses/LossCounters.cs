using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Losses;

/// <summary>
/// Finds where an object counts lost events. How many a ring buffer dropped the kernel does not say, so programs count them: those that pm compiles do by themselves, those of others
/// under a name that says it. Source: docs/ebpf.md.
/// </summary>
public static class LossCounters
{
    /// <summary>What the macros count in that stand before each source that pm compiles.</summary>
    public const string Own = "__pm_lost";

    /// <summary>BPF_F_WRONLY: nobody outside the kernel may read it.</summary>
    const uint WriteOnly = 1 << 4;

    /// <summary>Bytes of a value that may be read each second.</summary>
    const int MostBytes = 1 << 20;

    /// <summary>Names that say it of events.</summary>
    static readonly string[] OfEvents = ["dropped_events", "event_drops", "event_loss_counter", "events_dropped", "events_lost", "lost_events", "num_lost_events"];

    /// <summary>Names that say it where nothing else can be meant.</summary>
    static readonly string[] OfAnything = ["drop_count", "drop_counter", "dropped", "drops", "lost", "lost_count"];

    /// <summary>What is called so has figures of the program itself: in another struct a number that is called <c>lost</c> may be what the program watches.</summary>
    static readonly string[] OfFigures = ["counters", "counts", "figures", "losses", "metrics", "statistics", "stats"];

    /// <summary>Empty where it counts none.</summary>
    public static ImmutableArray<LossCounter> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);

        // Who counts it, too, counts the same events.
        var own = spec.Globals.Where(g => g.Name == Own && !g.IsConstant).SelectMany(g => Counters(g, spec, [Own])).ToList();
        if (own.Count > 0)
        {
            return [.. own];
        }

        // Of perf buffers the kernel says it.
        if (!spec.Maps.Any(m => m.Kind is MapKind.RingBuffer))
        {
            return [];
        }

        // What looks at packets drops packets.
        var names = spec.Programs.Any(p => DropsOthers(p.Hook.Kind)) ? OfEvents : OfEvents.Concat(OfAnything).ToArray();
        return [.. spec.Maps.Where(m => MayCount(m, spec)).SelectMany(m => Counters(m, spec, names)), .. spec.Globals.Where(g => !g.IsConstant).SelectMany(g => Counters(g, spec, names))];
    }

    static IEnumerable<LossCounter> Counters(MapSpec map, BpfSpec spec, string[] names) =>
        Places(map.Name, map.Value, (int)map.ValueSize, spec, names).Select(p => new LossCounter(map.Name, map, p.Offset, p.Size));

    static IEnumerable<LossCounter> Counters(GlobalSpec global, BpfSpec spec, string[] names) =>
        Places(global.Name, global.Type, global.Size, spec, names).Select(p => new LossCounter(global.Section, null, global.Offset + p.Offset, p.Size));

    /// <summary>None in what is an event on its way.</summary>
    static IEnumerable<(int Offset, int Size)> Places(string name, BtfType? type, int size, BpfSpec spec, string[] names) =>
        type is { } known && spec.Events.Any(e => e.Layouts.Any(told => told.Resolve().Id == known.Resolve().Id))
            ? []
            : LossPlaces.Of(type, size, names.Contains(name), names.Contains(name) || OfFigures.Contains(name) ? names : OfEvents);

    /// <summary>One that is found by its name in bpffs counts for others, too; one that is shown is shown.</summary>
    static bool MayCount(MapSpec map, BpfSpec spec) =>
        map.Kind is MapKind.Array or MapKind.PerCpuArray && !map.IsPinnedByName && (map.Flags & WriteOnly) == 0 && map.ValueSize <= MostBytes && !spec.Notes.Samples.ContainsKey(map.Name);

    static bool DropsOthers(HookKind kind) =>
        kind is HookKind.Xdp or HookKind.TrafficControl or HookKind.Netkit or HookKind.Netfilter or HookKind.SocketFilter or HookKind.Cgroup or HookKind.SocketOperations or HookKind.StructOperations or HookKind.SocketMap or HookKind.NetworkNamespace or HookKind.Other;
}
