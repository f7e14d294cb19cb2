namespace Pm.Ebpf.Filters;

/// <summary>A filter on an interface of this network that is called as pm calls its own, and of which nothing is written down: where that was has gone, with the filter's process.</summary>
/// <param name="Where">The interface and the way, in the words of tc(8).</param>
/// <param name="Name">What it is called.</param>
/// <param name="Command">What takes it away.</param>
public sealed record LeftFilter(string Where, string Name, string Command)
{
    /// <summary>All of them.</summary>
    /// <exception cref="Loading.BpfException">PM8030, PM8053: what is written down may not be read.</exception>
    /// <exception cref="Linux.SystemCallException">The kernel does not list filters.</exception>
    public static IReadOnlyList<LeftFilter> Find()
    {
        using var pins = Pinning.PinDirectory.TryOpen();
        var network = Linux.NetworkNamespace.Current;
        var known = (pins?.Filters() ?? []).Where(r => r.Network == network).Select(r => r.Program).ToHashSet();
        using var control = Linux.TrafficControl.Open();
        return
        [
            .. control.Disciplines().Keys.Order()
                .SelectMany(i => control.Filters(i, isEgress: false).Concat(control.Filters(i, isEgress: true)))
                .Where(f => FilterPlace.IsOwn(f) && !known.Contains(f.Program!.Value) && !IsHeld(f, network))
                .Select(f => (Filter: f, Interface: Linux.NetworkInterface.NameOf(f.InterfaceIndex)))
                .Where(f => f.Interface is not null)
                .Select(f => new LeftFilter(FilterPlace.Words(f.Interface!, f.Filter.IsEgress), f.Filter.Name!, FilterPlace.Command(f.Interface!, f.Filter))),
        ];
    }

    /// <summary>Its process may have a view of the file systems of its own (<c>ip netns exec</c>), where it is written down.</summary>
    static bool IsHeld(Linux.TrafficFilter filter, ulong network)
    {
        try
        {
            return FilterPlace.ProcessOf(filter) is { } process && Linux.FileStatus.Of($"/proc/{process}/ns/net")?.Inode == network;
        }
        catch (Linux.SystemCallException)
        {
            return false;
        }
    }
}
