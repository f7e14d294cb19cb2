using System.Collections.Immutable;
using Pm.Ebpf.Events;
using Pm.Ebpf.Losses;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Sampling;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Loading;

/// <summary>An object whose programs are at their hooks. Disposing it detaches and unloads them all, but for those that <see cref="Leave"/> left there.</summary>
public sealed class RunningObject : IObjectMaps, IDisposable
{
    readonly BpfObject _object;
    readonly ImmutableArray<(ProgramSpec Program, BpfLink Link)> _links;
    readonly EventReaders _readers = new();
    readonly StackNames _names = new();

    internal RunningObject(BpfObject loaded, IReadOnlyCollection<(ProgramSpec Program, ImmutableArray<BpfLink> Links)> attached, IEnumerable<BpfError> refused)
    {
        _object = loaded;
        _links = [.. attached.SelectMany(a => a.Links.Select(link => (a.Program, link)))];
        Attached = [.. attached.Select(a => a.Program)];
        Refused = [.. refused];
    }

    /// <summary>The programs that are at their hooks.</summary>
    public ImmutableArray<ProgramSpec> Attached { get; }

    /// <summary>Which were chosen of programs that do the same.</summary>
    public ImmutableArray<FallbackChoice> Choices { get; internal init; } = [];

    /// <summary>All that were refused, also those in whose place another runs.</summary>
    public IEnumerable<BpfError> AllRefused => Refused.Concat(Choices.SelectMany(c => c.Refused));

    /// <summary>Why the others are not, but those that a choice speaks of.</summary>
    public ImmutableArray<BpfError> Refused { get; }

    /// <summary>Programs that were loaded without a look of libbpf's at the types of the whole kernel.</summary>
    internal IReadOnlySet<string> Told => _object.Told;

    /// <summary>Where its programs count the events that were lost.</summary>
    internal ImmutableArray<LossCounter> Counters { get; init; } = [];

    /// <summary>What holds each attached program at its hook: several where it is at one for each processor.</summary>
    internal IEnumerable<(ProgramSpec Program, int Descriptor)> Links => _links.Select(l => (l.Program, l.Link.Descriptor));

    /// <summary>Those that are at their hooks whether somebody holds them or not.</summary>
    internal IEnumerable<WrittenDown> Written => _links.Select(l => l.Link.Written).OfType<WrittenDown>();

    /// <summary>How many programs are at their hooks still, after they were to be taken from there. Why was told (<see cref="RunOptions.Left"/>).</summary>
    public int Left => Written.Count(w => w.IsLeft);

    /// <summary>The loaded maps, those of variables too.</summary>
    internal IEnumerable<(string Name, int Descriptor)> Maps => _object.Maps.Select(m => (m.Name, m.Descriptor));

    /// <inheritdoc/>
    public void Read(MapSpec map, IEventSink sink)
    {
        ArgumentNullException.ThrowIfNull(map);
        _readers.Add(map, DescriptorOf(map), sink);
    }

    /// <inheritdoc/>
    public MapSampler Sample(MapSpec map, SampleNote note, EventDialect dialect = EventDialect.Own)
    {
        ArgumentNullException.ThrowIfNull(map);
        MapSampler.Check(map, note);
        return new MapSampler(new MapContent(DescriptorOf(map), map), map, note, dialect);
    }

    /// <inheritdoc/>
    public StackReader Stacks(StackLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new StackReader(layout, layout.Map is { } map ? new MapContent(DescriptorOf(map), map) : null, _names);
    }

    /// <summary>Waits so long for events, and gives those that are there to the sinks.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none any more.</exception>
    public void Poll(TimeSpan time) => _readers.Poll(time);

    /// <summary>Gives what is left in the buffers to the sinks, without waiting.</summary>
    /// <exception cref="BpfException">PM8040: the kernel gives none any more.</exception>
    public void Drain() => _readers.Drain();

    /// <summary>Has a program walk over what it is for, and reads what it writes.</summary>
    /// <param name="program">The name of an attached iterator.</param>
    /// <param name="take">Is given one piece after the other, perhaps an empty one; false ends it.</param>
    /// <exception cref="BpfException">PM8040: the kernel does not give it.</exception>
    public void ReadText(string program, Func<ReadOnlySpan<byte>, bool> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        IteratorText.Read(program, Links.First(l => l.Program.Name == program).Descriptor, take);
    }

    /// <summary>How many events ring buffers had no place for, as far as the programs count them. Those of perf buffers are told to sinks.</summary>
    /// <exception cref="BpfException">PM8040: the kernel does not give it.</exception>
    public ulong ReadLost() => LossReader.Sum(Counters, DescriptorOf);

    /// <summary>Takes the programs from their hooks; what they wrote can still be read.</summary>
    public void Detach()
    {
        foreach (var (_, link) in _links)
        {
            link.Dispose();
        }
    }

    /// <summary>Leaves the programs at their hooks: something else holds them now.</summary>
    internal void Leave()
    {
        foreach (var (_, link) in _links)
        {
            link.Leave();
        }
    }

    /// <summary>The map of a name, or of a section's variables, which is called NAME.bss or alike.</summary>
    internal int? DescriptorOf(string name) =>
        _object.Maps.FirstOrDefault(m => name.StartsWith('.') ? m.Name.EndsWith(name, StringComparison.Ordinal) : m.Name == name)?.Descriptor;

    int DescriptorOf(MapSpec map) => _object.Maps.First(m => m.Name == map.Name).Descriptor;

    public void Dispose()
    {
        Detach();
        _readers.Dispose();
        _object.Dispose();
    }
}
