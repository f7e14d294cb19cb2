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

    /// <summary>Names that say it of events.</summary>
    static readonly string[] OfEvents = ["dropped_events", "event_drops", "event_loss_counter", "events_dropped", "events_lost", "lost_events", "num_lost_events"];

    /// <summary>Names that say it where nothing else can be meant.</summary>
    static readonly string[] OfAnything = ["drop_count", "drop_counter", "dropped", "drops", "lost", "lost_count"];

    /// <summary>Empty where it counts none.</summary>
    public static ImmutableArray<LossCounter> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);

        // Who counts it, too, counts the same events.
        var own = spec.Globals.Where(g => g.Name == Own && IsCounter(g)).ToList();
        if (own.Count > 0)
        {
            return [.. own.Select(Counter)];
        }

        // Of perf buffers the kernel says it.
        if (!spec.Maps.Any(m => m.Kind is MapKind.RingBuffer))
        {
            return [];
        }

        // What looks at packets drops packets.
        var names = spec.Programs.Any(p => DropsOthers(p.Hook.Kind)) ? OfEvents : OfEvents.Concat(OfAnything).ToArray();
        return
        [
            .. spec.Maps.Where(m => names.Contains(m.Name) && IsCounter(m) && !spec.Notes.Samples.ContainsKey(m.Name)).Select(m => new LossCounter(m.Name, m, 0, (int)m.ValueSize)),
            .. spec.Globals.Where(g => names.Contains(g.Name) && IsCounter(g)).Select(Counter),
        ];
    }

    static LossCounter Counter(GlobalSpec global) => new(global.Section, null, global.Offset, global.Size);

    static bool IsCounter(GlobalSpec global) => !global.IsConstant && IsNumber(global.Type, (uint)global.Size);

    /// <summary>One that is found by its name in bpffs counts for others, too.</summary>
    static bool IsCounter(MapSpec map) =>
        map.Kind is MapKind.Array or MapKind.PerCpuArray && !map.IsPinnedByName && (map.Flags & WriteOnly) == 0 && IsNumber(map.Value, map.ValueSize);

    static bool IsNumber(BtfType? type, uint size) => size is 4 or 8 && (type is null || type.Value.Resolve().Kind is BtfKind.Integer);

    static bool DropsOthers(HookKind kind) =>
        kind is HookKind.Xdp or HookKind.TrafficControl or HookKind.SocketFilter or HookKind.Cgroup or HookKind.SocketOperations or HookKind.StructOperations or HookKind.Other;
}
