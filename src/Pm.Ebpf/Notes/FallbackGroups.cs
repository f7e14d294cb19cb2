using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Notes;

/// <summary>The programs of an object that do the same in different ways, as its notes say it, in the order in which they are to be tried.</summary>
public static class FallbackGroups
{
    /// <summary>Groups of two and more. A program may be what several fall back to, and is used when one of them does; a name that no program has counts for nothing.</summary>
    public static ImmutableArray<ImmutableArray<ProgramSpec>> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Notes.Fallbacks.IsEmpty)
        {
            return [];
        }

        var known = new Dictionary<string, ProgramSpec>(StringComparer.Ordinal);
        foreach (var program in spec.Programs)
        {
            known.TryAdd(program.Name, program);
        }

        var groups = ImmutableArray.CreateBuilder<ImmutableArray<ProgramSpec>>();
        foreach (var names in spec.Notes.Fallbacks)
        {
            // What has nothing to fall back to counts as any other.
            if (names.Distinct(StringComparer.Ordinal).Where(known.ContainsKey).Select(name => known[name]).Where(p => !p.IsLeftOut).ToImmutableArray() is { Length: > 1 } group)
            {
                groups.Add(group);
            }
        }

        return groups.ToImmutable();
    }
}
