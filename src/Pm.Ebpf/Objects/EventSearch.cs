using System.Collections.Immutable;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Objects;

/// <summary>Decides which type the events of each map have. A map does not say it, so what says it is asked in the order of <see cref="EventSource"/>, and nothing is guessed.</summary>
/// <param name="where">The file, for messages.</param>
/// <param name="types">Null where there are none.</param>
/// <param name="extension">What depends on the kernel's types, which are none of the object's own.</param>
/// <param name="maps">All maps.</param>
/// <param name="globals">Among them those that keep a type.</param>
/// <param name="calls">What is written to which map.</param>
sealed class EventSearch(
    string where, BtfFile? types, BtfExtension? extension, ImmutableArray<MapSpec> maps, ImmutableArray<GlobalSpec> globals, List<HelperCall> calls)
{
    /// <summary>How many types a message names.</summary>
    const int MaximumCandidates = 16;

    readonly EventTypes _types = new(types, extension, globals);

    public ImmutableArray<EventSpec> Run(IReadOnlyDictionary<string, string> stated)
    {
        if (stated.Keys.FirstOrDefault(name => !maps.Any(m => m.Name == name && m.CarriesEvents)) is { } unknown)
        {
            throw new EbpfFormatException("PM8022", $"there is no map `{unknown}` that carries events", where);
        }

        var sizes = SizesByMap();
        return [.. maps.Index().Where(m => m.Item.CarriesEvents).Select(m => Of(m.Item, [.. sizes[m.Index]], stated))];
    }

    EventSpec Of(MapSpec map, ImmutableArray<int> sizes, IReadOnlyDictionary<string, string> stated)
    {
        if (stated.TryGetValue(map.Name, out var name))
        {
            return new EventSpec(map, _types.Named(name) ?? throw new EbpfFormatException("PM8022", $"map `{map.Name}`: there is no type `{name}`", where), EventSource.Manifest, [], sizes);
        }

        var exported = _types.Exported;
        if (exported is [var pointed])
        {
            return new EventSpec(map, pointed, EventSource.ExportedPointer, [], sizes);
        }

        // Where several are exported, they are the ones to choose from.
        var fitting = exported.IsEmpty ? _types.OfSizes(sizes) : [.. exported.Where(t => sizes.Contains((int)t.Resolve().Size))];
        if (fitting is [var fits])
        {
            return new EventSpec(map, fits, EventSource.Size, [], sizes);
        }

        var alike = exported.IsEmpty ? _types.LikeEvents : EventTypes.AmongEvents(exported);
        return alike is [var only]
            ? new EventSpec(map, only, EventSource.Name, [], sizes)
            : new EventSpec(map, null, EventSource.None, [.. (fitting.IsEmpty ? exported.IsEmpty ? alike : exported : fitting).Take(MaximumCandidates)], sizes);
    }

    /// <summary>What is written to an unknown map is written to the only one that takes it, if there is one.</summary>
    List<SortedSet<int>> SizesByMap()
    {
        var sizes = maps.Select(_ => new SortedSet<int>()).ToList();
        var (ring, perf) = (Only(MapKind.RingBuffer), Only(MapKind.PerfEventArray));
        foreach (var call in calls.Where(c => c.WritesEvent && c.Size is not null))
        {
            if ((call.Map ?? (call.Helper is HelperCall.PerfEventOutput ? perf : ring)) is { } map)
            {
                sizes[map].Add(call.Size!.Value);
            }
        }

        return sizes;
    }

    int? Only(MapKind kind)
    {
        var all = maps.Index().Where(m => m.Item.Kind == kind).Take(2).ToArray();
        return all is [var only] ? only.Index : null;
    }
}
