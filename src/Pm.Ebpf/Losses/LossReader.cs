using System.Collections.Immutable;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Sampling;

namespace Pm.Ebpf.Losses;

/// <summary>Reads how many events an object that runs has counted as lost.</summary>
static class LossReader
{
    /// <param name="counters">Where it counts.</param>
    /// <param name="descriptorOf">The loaded map of a name, or of a section's variables; null: there is none.</param>
    /// <exception cref="BpfException">PM8040: the kernel does not give it.</exception>
    public static ulong Sum(ImmutableArray<LossCounter> counters, Func<string, int?> descriptorOf)
    {
        var lost = 0ul;
        foreach (var place in counters.GroupBy(c => c.Place))
        {
            try
            {
                if (descriptorOf(place.Key) is { } descriptor)
                {
                    lost += Read([.. place], descriptor);
                }
            }
            catch (LibBpfException e)
            {
                throw new BpfException(new BpfError("PM8040", $"`{place.Key}`, where lost events are counted, cannot be read: {LibBpfText.Last(e)}"));
            }
        }

        return lost;
    }

    static ulong Read(LossCounter[] counters, int descriptor)
    {
        var lost = 0ul;
        foreach (var value in Values(counters[0].Map, descriptor))
        {
            foreach (var counter in counters.Where(c => c.Offset + c.Size <= value.Length))
            {
                lost += NumberPlaces.Read(value.Span.Slice(counter.Offset, counter.Size));
            }
        }

        return lost;
    }

    static IEnumerable<ReadOnlyMemory<byte>> Values(MapSpec? map, int descriptor) => map is not null
        ? new MapContent(descriptor, map).Read(clears: false).SelectMany(e => e.Values)
        : Section(descriptor).TryRead(new byte[sizeof(int)]) is { } variables ? [variables] : [];

    /// <summary>Variables lie in the only entry of an array.</summary>
    static MapContent Section(int descriptor) =>
        new(descriptor, new MapSpec { Name = "", Kind = MapKind.Array, KeySize = sizeof(int), ValueSize = MapFacts.Of(descriptor).ValueSize, MaximumEntries = 1 });
}
