using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Notes;

/// <summary>The programs of an object that do the same in different ways, as its notes say it, in the order in which they are to be tried.</summary>
public static class FallbackGroups
{
    /// <summary>Groups of two and more; a program is in the first that names it, and a name that no program has counts for nothing.</summary>
    public static ImmutableArray<ImmutableArray<ProgramSpec>> Of(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.Notes.Fallbacks.IsEmpty)
        {
            return [];
        }

        var left = new Dictionary<string, ProgramSpec>(StringComparer.Ordinal);
        foreach (var program in spec.Programs)
        {
            left.TryAdd(program.Name, program);
        }

        var groups = ImmutableArray.CreateBuilder<ImmutableArray<ProgramSpec>>();
        foreach (var names in spec.Notes.Fallbacks)
        {
            var group = ImmutableArray.CreateBuilder<ProgramSpec>();
            foreach (var name in names)
            {
                if (left.Remove(name, out var program))
                {
                    group.Add(program);
                }
            }

            if (group.Count > 1)
            {
                groups.Add(group.ToImmutable());
            }
            else if (group is [var alone])
            {
                // It has nothing to fall back to, and counts as any other.
                left[alone.Name] = alone;
            }
        }

        return groups.ToImmutable();
    }
}
