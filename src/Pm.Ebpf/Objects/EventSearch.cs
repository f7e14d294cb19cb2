using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Probing;

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
            throw new EbpfFormatException("PM8022", $"there is no map `{unknown}` that carries events{Suggestion(unknown)}", where);
        }

        var sizes = SizesByMap();
        return [.. maps.Index().Where(m => m.Item.CarriesEvents && stated.GetValueOrDefault(m.Item.Name) != EventSpec.NoType).Select(m => Of(m.Item, [.. sizes[m.Index]], stated))];
    }

    EventSpec Of(MapSpec map, ImmutableArray<int> sizes, IReadOnlyDictionary<string, string> stated)
    {
        if (stated.TryGetValue(map.Name, out var names))
        {
            return new EventSpec(map, Named(map, names), EventSource.Manifest, [], sizes);
        }

        if (map.EventType is { } own)
        {
            return new EventSpec(map, [own], EventSource.Map, [], sizes);
        }

        var exported = _types.Exported;
        if (exported is [_])
        {
            return new EventSpec(map, exported, EventSource.ExportedPointer, [], sizes);
        }

        // Where several are exported, they are the ones to choose from.
        var fitting = exported.IsEmpty ? _types.OfSizes(sizes) : [.. exported.Where(t => sizes.Contains((int)t.Resolve().Size))];
        if (fitting is [_] || (fitting.Length > 0 && HasOneOfEach(fitting, sizes) && Alike(map, fitting) is null))
        {
            return new EventSpec(map, fitting, EventSource.Size, [], sizes);
        }

        var alike = exported.IsEmpty ? _types.LikeEvents : EventTypes.AmongEvents(exported);
        return alike is [_]
            ? new EventSpec(map, alike, EventSource.Name, [], sizes)
            : new EventSpec(map, [], EventSource.None, [.. (fitting.IsEmpty ? exported.IsEmpty ? alike : exported : fitting).Take(MaximumCandidates)], sizes);
    }

    /// <summary>One type, or several with commas between them, which have to be told apart by their sizes.</summary>
    ImmutableArray<BtfType> Named(MapSpec map, string names)
    {
        if (names.Count(c => c == ',') >= MaximumCandidates)
        {
            throw new EbpfFormatException("PM8022", $"map `{map.Name}`: at most {MaximumCandidates} types", where);
        }

        ImmutableArray<BtfType> named =
        [
            .. names.Split(',', StringSplitOptions.TrimEntries).Select(name => _types.Named(name) ?? throw new EbpfFormatException("PM8022", $"map `{map.Name}`: there is no type `{name}`{_types.Suggestion(name)}", where)),
        ];
        return Alike(map, named) is var (one, other)
            ? throw new EbpfFormatException("PM8022", $"map `{map.Name}`: events of type {one} and of type {other} are equally long, so that nothing tells them apart", where)
            : named;
    }

    string Suggestion(string unknown)
    {
        var names = maps.Where(m => m.CarriesEvents).Select(m => m.Name).ToList();
        return Nearest.Suggestion(unknown, names) is { Length: > 0 } near ? near : names.Count > 0 ? $"; those that do are {string.Join(", ", names)}" : "";
    }

    static bool HasOneOfEach(ImmutableArray<BtfType> types, ImmutableArray<int> sizes) =>
        types.Length == sizes.Length && types.Select(t => t.Resolve().Size).Distinct().Count() == sizes.Length;

    /// <summary>Two whose records are equally long; null: there are none.</summary>
    static (BtfType One, BtfType Other)? Alike(MapSpec map, ImmutableArray<BtfType> types)
    {
        var seen = new Dictionary<long, BtfType>();
        foreach (var type in types)
        {
            if (!seen.TryAdd(LengthOf(map, type), type))
            {
                return (seen[LengthOf(map, type)], type);
            }
        }

        return null;
    }

    static long LengthOf(MapSpec map, BtfType type) => RecordLength.Of(map.Kind, BtfLayout.SizeOf(type) ?? 0);

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
