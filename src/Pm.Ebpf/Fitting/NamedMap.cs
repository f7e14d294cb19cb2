using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a program can be for the map that its user names. Source: kernel/bpf/map_iter.c, net/core/bpf_sk_storage.c, net/core/sock_map.c.</summary>
static class NamedMap
{
    /// <summary>Why not, as far as the object says it; null also for all other programs, and where no map is named yet.</summary>
    public static string? WhyNot(BpfSpec spec, ProgramSpec program)
    {
        var name = program.Hook.Target;
        if (program.Hook.Kind is not (HookKind.MapIterator or HookKind.SocketMap) || name.Length == 0 || IsPinned(program))
        {
            return null;
        }

        return spec.Maps.FirstOrDefault(m => m.Name == name) is not { } map ? $"the object has no map `{name}`{Nearest.Suggestion(name, spec.Maps.Select(m => m.Name))}"
            : Takes(program.Section, map.Kind) ? null : Unfit(program);
    }

    /// <summary>What <c>pm check</c> says of it.</summary>
    public static IEnumerable<FitFinding> Check(BpfSpec spec, ProgramSpec program) =>
        WhyNot(spec, program) is { } reason ? [FitFinding.No("PM8039", reason)]
        : program.Hook.Kind is HookKind.MapIterator or HookKind.SocketMap && IsPinned(program)
            ? [FitFinding.Open("PM8039", $"whether `{program.Hook.Target}` is a map that it {(program.Hook.Kind is HookKind.MapIterator ? "can walk over" : "can be for")} is not known before it is run")]
        : [];

    public static string Unfit(ProgramSpec program) => program.Hook.Kind is HookKind.SocketMap
        ? $"`{program.Hook.Target}` is no map of sockets"
        : $"`{program.Section}` does not walk over maps of the kind that `{program.Hook.Target}` is";

    /// <summary>Its user calls it by a path, and it need not be one of the object's; an object may not.</summary>
    public static bool IsPinned(ProgramSpec program) => program.IsPlaced && program.Hook.Target.Contains('/', StringComparison.Ordinal);

    static bool Takes(string section, MapKind kind) => section.TrimStart('?').Split('/') switch
    {
        ["sk_msg" or "sk_skb", ..] => SocketMaps.IsOne(kind),
        [.., "bpf_sk_storage_map"] => kind is MapKind.SocketStorage,
        [.., "sockmap"] => SocketMaps.IsOne(kind),
        _ => kind is MapKind.Hash or MapKind.Array or MapKind.PerCpuHash or MapKind.PerCpuArray or MapKind.LruHash or MapKind.LruPerCpuHash,
    };
}
