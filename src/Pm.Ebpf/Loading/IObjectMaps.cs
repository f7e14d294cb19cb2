using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Loading;

/// <summary>The maps of an object that runs: for as long as its process does, or on its own.</summary>
public interface IObjectMaps
{
    /// <summary>Gives the events of a map to a sink, whenever they are asked for.</summary>
    /// <exception cref="BpfException">PM8040, PM8058: the kernel gives none.</exception>
    void Read(MapSpec map, IEventSink sink);

    /// <summary>What shows a map's content.</summary>
    /// <exception cref="BpfException">PM8058: it is not there any more.</exception>
    /// <exception cref="EbpfFormatException">PM8069: it cannot be shown like that.</exception>
    MapSampler Sample(MapSpec map, SampleNote note, EventDialect dialect = EventDialect.Own);

    /// <summary>What reads the stacks of events.</summary>
    /// <exception cref="BpfException">PM8058: their map is not there any more.</exception>
    StackReader Stacks(StackLayout layout);
}
