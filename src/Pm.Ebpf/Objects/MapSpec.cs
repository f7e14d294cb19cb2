using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>A map that an object asks for (<c>SEC(".maps")</c>).</summary>
public sealed record MapSpec
{
    public required string Name { get; init; }

    public required MapKind Kind { get; init; }

    /// <summary>Null where only its size is known, or it has none.</summary>
    public BtfType? Key { get; init; }

    /// <summary>Null where only its size is known, or it has none.</summary>
    public BtfType? Value { get; init; }

    /// <summary>What its definition says that its events are: it gives it as the type of its values. libbpf takes no such map, and other loaders do.</summary>
    public BtfType? EventType { get; init; }

    public uint KeySize { get; init; }

    public uint ValueSize { get; init; }

    /// <summary>The sizes of its keys and values are not those of its definition, which the kernel does not take.</summary>
    internal bool IsResized { get; init; }

    /// <summary>0 where its user is to say it.</summary>
    public uint MaximumEntries { get; init; }

    /// <summary>Nobody else says how many entries it has: not the kernel, which has one perf buffer for each processor, and not what values are kept with.</summary>
    public bool NeedsSize => MaximumEntries == 0 && Kind is not (MapKind.Unspecified or MapKind.PerfEventArray or MapKind.CgroupStorage or MapKind.PerCpuCgroupStorage
        or MapKind.SocketStorage or MapKind.StructOperations or MapKind.InodeStorage or MapKind.TaskStorage or MapKind.CgroupLocalStorage) && Kind < MapKind.Arena;

    public uint Flags { get; init; }

    /// <summary>It is found again by its name below bpffs.</summary>
    public bool IsPinnedByName { get; init; }

    /// <summary>Where in its section it lies.</summary>
    internal int Offset { get; init; }

    /// <summary>Programs write events into it, for a reader outside the kernel.</summary>
    public bool CarriesEvents => Kind is MapKind.RingBuffer or MapKind.PerfEventArray;
}
