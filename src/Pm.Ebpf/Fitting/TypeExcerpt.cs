using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Those types of a kernel that the relocations of an object can mean, as type information of its own. libbpf, which compares every type that it is given, answers the same out of
/// some dozen as out of a kernel's 127,000, and takes a tenth of the time for it.
/// </summary>
/// <remarks>
/// What libbpf asks for (relo_core.c) is kept: all types that are called like one that is relocated; what they contain, by value, as far as it has no name or one that a relocation goes
/// through; the last member of each, which alone may be an array without a length; of what is only pointed to, kind, name and size.
/// </remarks>
public sealed class TypeExcerpt
{
    /// <summary>Relocations of an object; with more, what they are called costs more than is gained.</summary>
    const int MostRelocations = 1 << 13;

    /// <summary>Types of different names that they ask for.</summary>
    const int MostNames = 256;

    readonly BtfFile _kernel;
    readonly HashSet<string> _members;

    /// <summary>What is taken, by its number in the kernel; true: with its members.</summary>
    readonly SortedDictionary<int, bool> _taken = [];
    readonly Stack<(BtfType Type, bool IsWhole)> _open = [];

    TypeExcerpt(BtfFile kernel, HashSet<string> members) => (_kernel, _members) = (kernel, members);

    /// <summary>Whether an object's relocations can be answered out of an excerpt.</summary>
    /// <remarks>Not where one asks for a type's number, which an excerpt counts anew.</remarks>
    public static bool IsEnoughFor(BpfSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Extension?.Relocations is { Length: > 0 and <= MostRelocations } relocations && relocations.All(r => r.Kind <= CoreRelocationKind.TypeMatches && r.Kind is not CoreRelocationKind.TypeIdTarget);
    }

    /// <param name="kernel">The types of a kernel, without those of its modules.</param>
    /// <param name="spec">An object for which that is enough.</param>
    /// <param name="hasModules">Asked where the kernel has not all that is looked for: a module may have it.</param>
    /// <returns>Null where an excerpt of the kernel's own types is not enough.</returns>
    /// <exception cref="EbpfFormatException">PM8021: the kernel's types break a rule of the format.</exception>
    public static byte[]? Of(BtfFile kernel, BpfSpec spec, Func<bool> hasModules)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(hasModules);
        var relocations = spec.Extension!.Relocations.Where(r => r.Kind is not CoreRelocationKind.TypeIdLocal).ToList();
        var names = relocations.Select(r => r.Type).Distinct().Select(t => Encoding.UTF8.GetString(CoreNames.Essential(t.NameBytes()))).ToHashSet();
        if (names.Count > MostNames)
        {
            return null;
        }

        var roots = kernel.NamedAlike([.. names.Select(Encoding.UTF8.GetBytes)]);
        names.ExceptWith(roots.Select(r => Encoding.UTF8.GetString(CoreNames.Essential(r.NameBytes()))));
        return names.Count > 0 && hasModules() ? null : new TypeExcerpt(kernel, MembersOf(spec.Types!, relocations)).Take(roots);
    }

    /// <summary>Names that a member may have to be compared with: those that relocations go through, or all where whole types are compared.</summary>
    static HashSet<string> MembersOf(BtfFile own, List<CoreRelocation> relocations) => relocations.Any(r => r.Kind is CoreRelocationKind.TypeMatches)
        ? [.. own.Types.Where(t => t.IsComposite).SelectMany(t => t.Members).Select(m => m.Name)]
        : [.. relocations.Where(r => !CorePath.IsOfType(r.Kind)).SelectMany(r => CorePath.TryParse(r)?.Steps ?? []).Select(s => s.Name).OfType<string>()];

    byte[] Take(List<BtfType> roots)
    {
        roots.ForEach(r => _open.Push((r, true)));
        while (_open.TryPop(out var next))
        {
            var (type, isWhole) = next;
            if (type.Id != 0 && (!_taken.TryGetValue(type.Id, out var was) || (isWhole && !was)))
            {
                _taken[type.Id] = isWhole;
                Follow(type, isWhole);
            }
        }

        return new ExcerptWriter(_taken, Kept).Write(_kernel);
    }

    void Follow(BtfType type, bool isWhole)
    {
        switch (type.Kind)
        {
            case BtfKind.Pointer:
                _open.Push((type.Target, false));
                break;
            case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag:
                _open.Push((type.Target, isWhole));
                break;
            case BtfKind.Array:
                _open.Push((type.Target, isWhole));
                _open.Push((_kernel[type.IndexId], false));
                break;
            case BtfKind.FunctionPrototype:
                _open.Push((type.Target, false));
                foreach (var parameter in type.Parameters)
                {
                    _open.Push((parameter.Type, false));
                }

                break;
            case BtfKind.Struct or BtfKind.Union when isWhole:
                foreach (var index in Kept(type))
                {
                    _open.Push((type.MemberAt(index).Type, true));
                }

                break;
            case BtfKind.Struct or BtfKind.Union or BtfKind.Integer or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Float or BtfKind.Forward:
                break;
            default:
                throw _kernel.Wrong($"type {type.Id}: {type.Kind} stands where a type should");
        }
    }

    /// <summary>Which of its members; the last is kept as the last.</summary>
    IEnumerable<int> Kept(BtfType type) => Enumerable.Range(0, type.Count).Where(i => i == type.Count - 1 || type.MemberAt(i).Name is { } name && (name.Length == 0 || _members.Contains(name)));
}
