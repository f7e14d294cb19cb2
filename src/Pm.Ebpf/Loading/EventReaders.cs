using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Reads the events of several maps by turns.</summary>
sealed class EventReaders : IDisposable
{
    readonly List<EventReader> _readers = [];

    /// <summary>Gives the events of a map to a sink, whenever <see cref="Poll"/> is called.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none.</exception>
    public void Add(MapSpec map, int descriptor, IEventSink sink)
    {
        try
        {
            _readers.Add(new EventReader(descriptor, map.Kind is MapKind.PerfEventArray, sink));
        }
        catch (LibBpfException e)
        {
            throw Failed($"the events of map `{map.Name}` cannot be read", e);
        }
    }

    /// <summary>Waits so long for events, and gives those that are there to the sinks.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none any more.</exception>
    public void Poll(TimeSpan time)
    {
        // Several buffers are waited for in turn, each for its part of the time.
        var milliseconds = Math.Max(1, (int)time.TotalMilliseconds / Math.Max(1, _readers.Count));
        Each(reader => reader.Poll(milliseconds));
    }

    /// <summary>Gives what is left in the buffers to the sinks, without waiting.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none any more.</exception>
    public void Drain() => Each(reader => reader.Drain());

    public void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        _readers.Clear();
    }

    void Each(Action<EventReader> read)
    {
        try
        {
            foreach (var reader in _readers)
            {
                read(reader);
            }
        }
        catch (LibBpfException e)
        {
            throw Failed("events cannot be read", e);
        }
    }

    static BpfException Failed(string what, LibBpfException e) => new(new BpfError("PM8040", $"{what}: {LibBpfText.Last(e)}") { Log = e.Log });
}
