using System.Collections.Immutable;

namespace Pm.Ebpf.Objects;

/// <summary>A struct of functions that the kernel calls (<c>SEC(".struct_ops")</c>), of which programs are some: a kind of congestion control, of scheduling. It is registered as a whole.</summary>
public sealed record OperationsSpec
{
    /// <summary>That of its variable, which libbpf makes a map of.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel's struct: <c>tcp_congestion_ops</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The names of programs by the members that they stand in.</summary>
    public required ImmutableSortedDictionary<string, string> Programs { get; init; }
}
