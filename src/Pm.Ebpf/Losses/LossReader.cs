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
        foreach (var counter in counters)
        {
            try
            {
                if (descriptorOf(counter.Place) is { } descriptor)
                {
                    lost += Read(counter, descriptor);
                }
            }
            catch (LibBpfException e)
            {
                throw new BpfException(new BpfError("PM8040", $"`{counter.Place}`, where lost events are counted, cannot be read: {LibBpfText.Last(e)}"));
            }
        }

        return lost;
    }

    static ulong Read(LossCounter counter, int descriptor) => counter.Map is { } map
        ? new MapContent(descriptor, map).Read(clears: false).SelectMany(e => e.Values).Aggregate(0ul, (sum, value) => sum + Number(counter, value.Span))
        : Section(descriptor).TryRead(new byte[sizeof(int)]) is { } variables && variables.Length >= counter.Offset + counter.Size ? Number(counter, variables)
        : 0;

    static ulong Number(LossCounter counter, ReadOnlySpan<byte> value) => NumberPlaces.Read(value.Slice(counter.Offset, counter.Size));

    /// <summary>Variables lie in the only entry of an array.</summary>
    static MapContent Section(int descriptor) =>
        new(descriptor, new MapSpec { Name = "", Kind = MapKind.Array, KeySize = sizeof(int), ValueSize = MapFacts.Of(descriptor).ValueSize, MaximumEntries = 1 });
}
