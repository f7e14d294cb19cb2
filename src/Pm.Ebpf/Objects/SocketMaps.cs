using System.Collections.Immutable;

namespace Pm.Ebpf.Objects;

/// <summary>Maps of sockets, and which of them programs are for. Source: net/core/sock_map.c of Linux.</summary>
static class SocketMaps
{
    public static bool IsOne(MapKind kind) => kind is MapKind.SocketMap or MapKind.SocketHash;

    /// <summary>Programs for the sockets of a map are for the object's own, where it has one such map alone.</summary>
    public static ImmutableArray<ProgramSpec> Settle(ImmutableArray<ProgramSpec> programs, ImmutableArray<MapSpec> maps) =>
        programs.Any(p => p.Hook.Kind is HookKind.SocketMap) && maps.Where(m => IsOne(m.Kind)).ToList() is [var only]
            ? [.. programs.Select(p => p.Hook.Kind is HookKind.SocketMap ? p with { Hook = p.Hook with { Target = only.Name } } : p)]
            : programs;
}
