namespace Pm.Linux;

/// <summary>A filter of traffic control: what looks at the packets of an interface, one way. Source: tc(8).</summary>
/// <param name="InterfaceIndex">The number of the interface.</param>
/// <param name="IsEgress">On the way out.</param>
/// <param name="Priority">The lower is asked first.</param>
/// <param name="Handle">Which of those with that priority; 0 for what they have in common.</param>
public sealed record TrafficFilter(int InterfaceIndex, bool IsEgress, int Priority, uint Handle)
{
    /// <summary>The highest of <see cref="Priority"/>.</summary>
    public const int LastPriority = ushort.MaxValue;

    /// <summary>Which classifier it is of: <c>bpf</c>, <c>u32</c>.</summary>
    public string Kind { get; init; } = "bpf";

    /// <summary>As an eBPF filter is called by who made it; null for others.</summary>
    public string? Name { get; init; }

    /// <summary>The kernel's number of its eBPF program; null for others.</summary>
    public uint? Program { get; init; }
}
