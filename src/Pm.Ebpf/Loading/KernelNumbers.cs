using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>
/// What the kernel's enumerations say for variables that stand for their values (<see cref="GlobalSpec.Enumerator"/>): such values differ from kernel to kernel, and programs are compiled for many.
/// Source: SCX_ENUM_INIT of tools/sched_ext in Linux.
/// </summary>
static class KernelNumbers
{
    /// <summary>Those that the kernel has, by the names of the variables; the others stay what they are, which is 0.</summary>
    /// <param name="spec">Whose variables.</param>
    /// <param name="types">The kernel's, asked for where there is such a variable; null where it does not say them.</param>
    public static IReadOnlyList<(GlobalSpec Global, long Number)> Of(BpfSpec spec, Func<BtfFile?> types)
    {
        var wanted = spec.Globals.Where(g => g.Enumerator is not null).GroupBy(g => g.Enumerator!).ToDictionary(g => g.Key, g => g.ToList());
        var numbers = new List<(GlobalSpec, long)>();
        if (wanted.Count == 0 || types() is not { } known)
        {
            return numbers;
        }

        foreach (var (name, value) in known.Types.Where(t => t.Kind is BtfKind.Enum or BtfKind.Enum64).SelectMany(t => t.Enumerators))
        {
            if (wanted.Remove(name, out var globals))
            {
                globals.ForEach(g => numbers.Add((g, value)));
            }
        }

        return numbers;
    }
}
