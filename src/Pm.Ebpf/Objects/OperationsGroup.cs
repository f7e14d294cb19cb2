using System.Collections.Immutable;

namespace Pm.Ebpf.Objects;

/// <summary>Structs of operations that have programs in common, one with the next: the kernel has all of them or none.</summary>
/// <param name="Structs">In the order of the object.</param>
/// <param name="Programs">The names of all programs that stand in one of them.</param>
sealed record OperationsGroup(ImmutableArray<OperationsSpec> Structs, ImmutableSortedSet<string> Programs)
{
    /// <summary>The groups of an object, by the names of their programs.</summary>
    public static Dictionary<string, OperationsGroup> Of(BpfSpec spec)
    {
        var groups = new Dictionary<string, OperationsGroup>(StringComparer.Ordinal);
        foreach (var operations in spec.Operations)
        {
            var programs = operations.Programs.Values.ToImmutableSortedSet(StringComparer.Ordinal);
            var joined = programs.Select(groups.GetValueOrDefault).OfType<OperationsGroup>().Distinct(ReferenceEqualityComparer.Instance).Cast<OperationsGroup>().ToList();
            var group = new OperationsGroup([.. joined.SelectMany(g => g.Structs), operations], programs.Union(joined.SelectMany(g => g.Programs)));
            foreach (var program in group.Programs)
            {
                groups[program] = group;
            }
        }

        return groups;
    }
}
