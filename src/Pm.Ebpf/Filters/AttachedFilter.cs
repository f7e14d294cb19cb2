using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Linux;

namespace Pm.Ebpf.Filters;

/// <summary>
/// A program in traffic control by a filter, where the kernel has no links for it (Linux 6.6). What is written down of it in bpffs belongs to this process until it is disposed, which takes the filter away,
/// or moved to what runs on its own. Where the process is killed, the next pm takes the filter away (adr/0020).
/// </summary>
sealed class AttachedFilter : IDisposable
{
    const int MostTries = 16;

    readonly PinDirectory _pins;
    readonly DirectoryHandle _directory;
    readonly string _place;
    readonly string _where;
    readonly Action<BpfError>? _left;
    bool _isOver;

    AttachedFilter(PinDirectory pins, DirectoryHandle directory, string place, string where, Action<BpfError>? left) =>
        (_pins, _directory, _place, _where, _left) = (pins, directory, place, where, left);

    /// <summary>It was to be taken away, and could not be.</summary>
    public bool IsLeft { get; private set; }

    /// <param name="interfaceIndex">The number of the interface.</param>
    /// <param name="isEgress">On the way out.</param>
    /// <param name="program">What it is to be called.</param>
    /// <param name="descriptor">The loaded program.</param>
    /// <param name="options">What its user says: the name of the interface, for one.</param>
    /// <exception cref="SystemCallException">The kernel refused the filter, or the room for it (<see cref="SystemCallException.Call"/>).</exception>
    /// <exception cref="LibBpfException">The kernel refused to keep what is written down.</exception>
    /// <exception cref="BpfException">PM8030, PM8053: it cannot be written down; PM8039: the interface has no room for it.</exception>
    /// <exception cref="LockBusyException">Another who changes filters did not end in time.</exception>
    public static AttachedFilter Attach(int interfaceIndex, bool isEgress, string program, int descriptor, RunOptions options)
    {
        var pins = PinDirectory.OpenOrMake(options.Patience);
        try
        {
            if (options.RunsOn && !PinDirectory.IsForAll)
            {
                throw new BpfException(new BpfError("PM8057", "what would say that the filter is pm's ends with this view of the file systems, and the filter would not")
                {
                    Hint = "`nsenter --net=/run/netns/NAME pm run -d …` in place of `ip netns exec NAME …`",
                });
            }

            pins.Sweep();
            var (directory, place) = pins.MakeAside();
            var filter = new AttachedFilter(pins, directory, place, FilterPlace.Words(options.Interface!, isEgress), options.Left);
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
        catch
        {
            pins.Dispose();
            throw;
        }
    }

    void Attach(FilterRecord record, string program, int descriptor)
    {
        using var gate = _pins.Gate();
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
        FilterPins.Write(_directory, record with { MadeDiscipline = discipline is null || _pins.Filters().Any(r => r.IsBeside(record) && r.MadeDiscipline) });
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
            _directory.Unlink(FilterPins.Alone);
            FilterPins.Write(_directory, record);
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

    /// <summary>What is written down of it belongs to what runs on its own from here on, and so does the filter.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void Move(DirectoryHandle to, string name)
    {
        _directory.Rename(FilterPins.Alone, to, name, RenameMode.NoReplace);
        Dispose();
    }

    /// <summary>Takes the filter away, unless it is another's now. Why it stays, where it does, is told to who started it.</summary>
    public void Dispose()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        try
        {
            _pins.RemoveAside(_place);
        }
        catch (BpfException e)
        {
            Leave(e.Error);
        }
        catch (LockBusyException e)
        {
            Leave(new BpfError("PM8059", $"the filter on {_where} cannot be taken away: {e.Message}")
            {
                Hint = $"{(e.Hint is { } command ? $"`{command}`, then " : "")}`sudo pm stop --all`",
            });
        }

        _directory.Dispose();
        _pins.Dispose();
    }

    /// <summary>It stays written down for the next who tries.</summary>
    void Leave(BpfError error)
    {
        IsLeft = true;
        _left?.Invoke(error);
    }
}
