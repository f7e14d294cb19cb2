using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>A program in traffic control by a filter, where the kernel has no links for it (Linux 6.6).</summary>
sealed class AttachedFilter : WrittenDown
{
    const int MostTries = 16;

    AttachedFilter(RunOptions options, bool isEgress)
        : base(options, $"the filter on {FilterPlace.Words(options.Interface!, isEgress)}")
    {
    }

    public override string Several => FilterPins.Several;

    protected override string Alone => FilterPins.Alone;

    /// <param name="interfaceIndex">The number of the interface.</param>
    /// <param name="isEgress">On the way out.</param>
    /// <param name="program">What it is to be called.</param>
    /// <param name="descriptor">The loaded program.</param>
    /// <param name="options">What its user says: the name of the interface, for one.</param>
    /// <exception cref="SystemCallException">The kernel refused the filter, or the room for it (<see cref="SystemCallException.Call"/>).</exception>
    /// <exception cref="LibBpfException">The kernel refused to keep what is written down.</exception>
    /// <exception cref="BpfException">PM8030, PM8053, PM8057: it cannot be written down; PM8039: the interface has no room for it.</exception>
    /// <exception cref="LockBusyException">Another who changes filters did not end in time.</exception>
    public static AttachedFilter Attach(int interfaceIndex, bool isEgress, string program, int descriptor, RunOptions options)
    {
        var filter = new AttachedFilter(options, isEgress);
        try
        {
            filter.Attach(
                new FilterRecord
                {
                    Network = NetworkNamespace.Current,
                    Interface = interfaceIndex,
                    InterfaceName = options.Interface!,
                    IsEgress = isEgress,
                    Program = ProgramFacts.IdOf(descriptor),
                    MadeDiscipline = false,
                },
                program,
                descriptor);
            return filter;
        }
        catch
        {
            filter.Dispose();
            throw;
        }
    }

    void Attach(FilterRecord record, string program, int descriptor)
    {
        using var gate = Pins.Gate();
        using var control = TrafficControl.Open();
        var discipline = control.Disciplines().GetValueOrDefault(record.Interface);
        if (discipline is TrafficControl.InOnly && record.IsEgress)
        {
            throw new BpfException(new BpfError("PM8039", $"{record.InterfaceName} has a queueing discipline for packets on their way in alone (`ingress`), in the place of `clsact`")
            {
                Hint = $"`tc qdisc show dev {record.InterfaceName}`; who made it, has it replaced by `clsact`",
            });
        }

        // Written down before it is made: killed at any instant, somebody knows of it.
        FilterPins.Write(Directory, record with { MadeDiscipline = discipline is null || Pins.Filters().Any(r => r.IsBeside(record) && r.MadeDiscipline) });
        var makes = discipline is null && TryMakeRoom(control, record);
        try
        {
            Add(control, record, program, descriptor);
        }
        catch when (makes)
        {
            FilterRemoval.RemoveEmpty(control, record.Interface);
            throw;
        }
    }

    bool TryMakeRoom(TrafficControl control, FilterRecord record)
    {
        try
        {
            control.AddDiscipline(record.Interface);
            return true;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST)
        {
            // Another program was faster: it is that one's.
            Directory.Unlink(FilterPins.Alone);
            FilterPins.Write(Directory, record);
            return false;
        }
    }

    static void Add(TrafficControl control, FilterRecord record, string program, int descriptor)
    {
        for (var tries = 1; ; tries++)
        {
            var filter = FilterPlace.Next(control.Filters(record.Interface, record.IsEgress), record.Interface, record.IsEgress)
                ?? throw new BpfException(new BpfError("PM8039", $"{FilterPlace.Words(record.InterfaceName, record.IsEgress)} has no room for another filter"));
            try
            {
                control.Add(filter with { Name = FilterPlace.NameOf(Environment.ProcessId, program) }, descriptor);
                return;
            }
            catch (SystemCallException e) when (e.Errno is Errno.EEXIST && tries < MostTries)
            {
                // Another program took that place meanwhile.
            }
        }
    }
}
