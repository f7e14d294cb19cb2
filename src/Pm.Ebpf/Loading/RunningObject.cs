using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>An object whose programs are at their hooks. Disposing it detaches and unloads them all.</summary>
public sealed class RunningObject : IDisposable
{
    readonly BpfObject _object;
    readonly ImmutableArray<BpfLink> _links;
    readonly List<EventReader> _readers = [];

    internal RunningObject(BpfObject loaded, IEnumerable<(ProgramSpec Program, BpfLink Link)> attached, IEnumerable<BpfError> refused)
    {
        _object = loaded;
        _links = [.. attached.Select(a => a.Link)];
        Attached = [.. attached.Select(a => a.Program)];
        Refused = [.. refused];
    }

    /// <summary>The programs that are at their hooks.</summary>
    public ImmutableArray<ProgramSpec> Attached { get; }

    /// <summary>Why the others are not.</summary>
    public ImmutableArray<BpfError> Refused { get; }

    /// <summary>Gives the events of a map to a sink, whenever <see cref="Poll"/> is called.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none.</exception>
    public void Read(MapSpec map, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(map);
        try
        {
            _readers.Add(new EventReader(_object.Maps.First(m => m.Name == map.Name), map.Kind is MapKind.PerfEventArray, sink));
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
        try
        {
            foreach (var reader in _readers)
            {
                reader.Poll(milliseconds);
            }
        }
        catch (LibBpfException e)
        {
            throw Failed("events cannot be read", e);
        }
    }

    /// <summary>Gives what is left in the buffers to the sinks, without waiting.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none any more.</exception>
    public void Drain()
    {
        try
        {
            foreach (var reader in _readers)
            {
                reader.Drain();
            }
        }
        catch (LibBpfException e)
        {
            throw Failed("events cannot be read", e);
        }
    }

    /// <summary>Takes the programs from their hooks; what they wrote can still be read.</summary>
    public void Detach()
    {
        foreach (var link in _links)
        {
            link.Dispose();
        }
    }

    public void Dispose()
    {
        Detach();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        _readers.Clear();
        _object.Dispose();
    }

    static BpfException Failed(string what, LibBpfException e) => new(new BpfError("PM8040", $"{what}: {LibBpfText.Last(e)}") { Log = e.Log });
}
