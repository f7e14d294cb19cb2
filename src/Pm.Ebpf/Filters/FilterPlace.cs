using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>Where on an interface pm puts its filters, and how they are told from others'. Source: tc-bpf(8).</summary>
static class FilterPlace
{
    /// <summary>What pm's filters are called: <c>pm:PROCESS:PROGRAM</c>.</summary>
    const string Prefix = "pm:";

    /// <summary>Behind what people and other programs put there: a program that ends the decision ends it for those behind it.</summary>
    const int FirstPriority = 0xF000;

    /// <summary>Any number will do; this one is easily seen: <c>pm</c>.</summary>
    const uint Handle = 0x706D;

    /// <summary>The last one, where there is room behind the others; it replaces none.</summary>
    /// <param name="there">The filters that are there.</param>
    /// <param name="interfaceIndex">The number of the interface.</param>
    /// <param name="isEgress">On the way out.</param>
    /// <returns>Null: each place has one.</returns>
    public static TrafficFilter? Next(IReadOnlyCollection<TrafficFilter> there, int interfaceIndex, bool isEgress)
    {
        var taken = there.Select(f => f.Priority).ToHashSet();
        var last = Math.Max(FirstPriority, taken.DefaultIfEmpty(0).Max() + 1);
        var priority = last <= TrafficFilter.LastPriority ? last : Enumerable.Range(1, TrafficFilter.LastPriority).LastOrDefault(p => !taken.Contains(p));
        return priority == 0 ? null : new TrafficFilter(interfaceIndex, isEgress, priority, Handle);
    }

    public static string NameOf(int process, string program) => $"{Prefix}{process}:{program}";

    /// <summary>It is called as pm calls its own.</summary>
    public static bool IsOwn(TrafficFilter filter) => filter is { Kind: "bpf", Handle: not 0, Program: not null, Name: not null } && filter.Name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The process that made it; null where its name does not say it.</summary>
    public static int? ProcessOf(TrafficFilter filter) => filter.Name?.Split(':') is ["pm", var process, ..] && int.TryParse(process, out var number) ? number : null;

    /// <summary>Where it is, in the words of tc(8).</summary>
    public static string Words(string interfaceName, bool isEgress) => $"{interfaceName} {(isEgress ? "egress" : "ingress")}";

    /// <summary>What takes it away without pm.</summary>
    public static string Command(string interfaceName, TrafficFilter filter) =>
        $"tc filter del dev {Words(interfaceName, filter.IsEgress)} protocol all pref {filter.Priority} handle 0x{filter.Handle:x} bpf";
}
