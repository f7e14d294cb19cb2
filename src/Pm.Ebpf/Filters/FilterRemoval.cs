using Pm.Ebpf.Loading;
using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>Takes away a filter that pm made, and the room for it where pm made that and nothing else is in it.</summary>
static class FilterRemoval
{
    /// <exception cref="BpfException">PM8030, PM8059: the kernel refused.</exception>
    public static void Remove(FilterRecord record)
    {
        try
        {
            using var control = TrafficControl.TryOpen(record.Network);
            if (control is not null)
            {
                Remove(control, record);
            }
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENODEV)
        {
            // The interface has gone, and its filters with it.
        }
        catch (SystemCallException e)
        {
            throw new BpfException(new BpfError(e.Errno is Errno.EPERM or Errno.EACCES ? "PM8030" : "PM8059", $"the filter on {FilterPlace.Words(record.InterfaceName, record.IsEgress)} cannot be taken away: {e.Message}")
            {
                Hint = "`sudo pm stop --all`",
            });
        }
    }

    static void Remove(TrafficControl control, FilterRecord record)
    {
        if (control.Filters(record.Interface, record.IsEgress).FirstOrDefault(f => FilterPlace.IsOwn(f) && f.Program == record.Program) is not { } filter)
        {
            // Somebody else took it away; the room for it may be theirs by now.
            return;
        }

        control.Remove(filter);
        if (record.MadeDiscipline)
        {
            RemoveEmpty(control, record.Interface);
        }
    }

    /// <summary>Takes the room for filters away unless there is one.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void RemoveEmpty(TrafficControl control, int interfaceIndex)
    {
        if (control.Disciplines().GetValueOrDefault(interfaceIndex) is TrafficControl.BothWays
            && control.Filters(interfaceIndex, isEgress: false).Count + control.Filters(interfaceIndex, isEgress: true).Count == 0)
        {
            control.RemoveDisciplineOf(interfaceIndex);
        }
    }
}
