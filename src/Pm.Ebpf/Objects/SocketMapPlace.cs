using System.Collections.Immutable;

namespace Pm.Ebpf.Objects;

/// <summary>What a program does for the sockets of a map. Source: net/core/sock_map.c of Linux.</summary>
static class SocketMapPlace
{
    /// <summary>BPF_PROG_TYPE_SK_SKB.</summary>
    const int OfPackets = 14;

    /// <summary>BPF_PROG_TYPE_SK_MSG.</summary>
    const int OfMessages = 16;

    public static bool IsOfSockets(MapKind kind) => kind is MapKind.SocketMap or MapKind.SocketHash;

    /// <summary>The number of the program's type, and of the place it has among those of one map, as its section says; null: it does not say which. Source: bpf_prog_type, bpf_attach_type of Linux.</summary>
    public static (int Type, int Place)? Of(string section) => section.TrimStart('?').Split('/') switch
    {
        ["sk_msg", ..] => (OfMessages, 7),
        ["sk_skb", "stream_parser", ..] => (OfPackets, 4),
        ["sk_skb", "stream_verdict", ..] => (OfPackets, 5),
        ["sk_skb", "verdict", ..] => (OfPackets, 38),
        _ => null,
    };

    /// <summary>Programs for the sockets of a map are for the object's own, where it has one such map alone.</summary>
    public static ImmutableArray<ProgramSpec> Settle(ImmutableArray<ProgramSpec> programs, ImmutableArray<MapSpec> maps) =>
        programs.Any(p => p.Hook.Kind is HookKind.SocketMap) && maps.Where(m => IsOfSockets(m.Kind)).ToList() is [var only]
            ? [.. programs.Select(p => p.Hook.Kind is HookKind.SocketMap ? p with { Hook = p.Hook with { Target = only.Name } } : p)]
            : programs;
}
