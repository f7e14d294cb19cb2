using System.Diagnostics;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Reads the events of several maps by turns.</summary>
sealed class EventReaders : IDisposable
{
    readonly List<EventReader> _readers = [];
    readonly DescriptorWait _wait = new(CancellationToken.None);
    readonly EventPace _pace = new();
    long _taken = Stopwatch.GetTimestamp();

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
        if (_pace.IsDense)
        {
            ShortPause.For(EventPace.Pause);
        }
        else
        {
            Wait(Math.Max(1, (int)time.TotalMilliseconds));
        }

        Drain();
        Tell();
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
        _wait.Dispose();
    }

    /// <summary>Waits until any buffer has events.</summary>
    void Wait(int milliseconds)
    {
        _wait.Begin(wakes: false);
        foreach (var reader in _readers)
        {
            _ = _wait.Read(reader.WaitDescriptor);
        }

        _wait.Wait(milliseconds);
    }

    void Tell()
    {
        var (taken, havePlace) = (0L, true);
        foreach (var reader in _readers)
        {
            taken += reader.Taken;
            havePlace &= EventPace.HasPlace(reader.Used, reader.Room);
        }

        _pace.Tell(taken, Stopwatch.GetElapsedTime(_taken), havePlace);
        if (taken > 0)
        {
            _taken = Stopwatch.GetTimestamp();
        }
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
