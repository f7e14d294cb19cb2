using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>
/// Answers relocations out of a kernel's types as libbpf does it: by names, and of types with several meanings only where all of them say the same. Source: bpf_core_calc_relo_insn.
/// </summary>
/// <param name="kernel">The kernel's own types.</param>
/// <param name="modules">Those of its modules; null where they are not known.</param>
/// <param name="isOpen">It has modules of which the types are not known.</param>
sealed class CoreResolver(BtfFile kernel, ModuleTypes? modules = null, bool isOpen = false)
{
    readonly CoreCandidates _candidates = new(kernel, modules);
    readonly CoreComparison _comparison = new();
    readonly Dictionary<(int Type, string Access, CoreRelocationKind Kind), CoreAnswer> _answers = [];

    public CoreAnswer Answer(CoreRelocation relocation)
    {
        var key = (relocation.Type.Id, relocation.Access, relocation.Kind);
        return _answers.TryGetValue(key, out var known) ? known : _answers[key] = Resolve(relocation);
    }

    CoreAnswer Resolve(CoreRelocation relocation)
    {
        if (relocation.Kind is CoreRelocationKind.TypeIdLocal)
        {
            return new CoreAnswer(relocation.Type.Id);
        }

        if (relocation.Kind > CoreRelocationKind.TypeMatches || CorePath.TryParse(relocation) is not { } own)
        {
            return CoreAnswer.Fatal($"what it asks of `{CoreAccess.Describe(relocation)}` cannot be read");
        }

        if (relocation.Type.NameBytes().IsEmpty)
        {
            return CoreAnswer.Fatal("it asks for a type that has no name");
        }

        CoreAnswer? found = null;
        CorePath? first = null;
        var hasType = false;
        List<string>? modules = null;
        foreach (var (candidate, module) in _candidates.Of(relocation.Type))
        {
            hasType = true;
            if (TryMatch(relocation, own, candidate) is not { } theirs)
            {
                continue;
            }

            var answer = Calculate(relocation, own, theirs);
            if (answer.IsFatal)
            {
                return answer;
            }

            if (found is { } before && (before.Value != answer.Value || first!.BitOffset != theirs.BitOffset))
            {
                return CoreAnswer.Fatal($"the kernel has several types `{CoreAccess.Bare(relocation.Type.Name)}`, which differ");
            }

            if (module is not null)
            {
                (modules ??= []).Add(module);
            }

            found ??= answer with { Modules = modules };
            first ??= theirs;
        }

        return found ?? Missing(relocation, hasType);
    }

    CoreAnswer Missing(CoreRelocation relocation, bool hasType) => Absence(relocation, hasType) is { Value: null } absent && isOpen && !hasType
        ? absent with { Fault = absent.Fault + "; one of its modules may have it", IsOpen = true }
        : Absence(relocation, hasType);

    static CoreAnswer Absence(CoreRelocation relocation, bool hasType) => relocation.Kind switch
    {
        CoreRelocationKind.FieldExists or CoreRelocationKind.EnumeratorExists => new CoreAnswer(0),
        var kind when CorePath.IsOfType(kind) => new CoreAnswer(0),
        CoreRelocationKind.EnumeratorValue => CoreAnswer.Absent($"enumerator `{CoreAccess.Describe(relocation)}` does not exist in this kernel"),
        _ => CoreAnswer.Absent(hasType
            ? $"field `{CoreAccess.Describe(relocation)}` does not exist in this kernel"
            : $"type `{CoreAccess.Bare(relocation.Type.Name)}`, of which `{CoreAccess.Describe(relocation)}` is read, does not exist in this kernel"),
    };

    static CoreAnswer Calculate(CoreRelocation relocation, CorePath own, CorePath theirs)
    {
        switch (relocation.Kind)
        {
            case CoreRelocationKind.TypeIdTarget:
                return new CoreAnswer(theirs.Root.Id);
            case CoreRelocationKind.TypeExists or CoreRelocationKind.TypeMatches:
                return new CoreAnswer(1);
            case CoreRelocationKind.TypeSize:
                return new CoreAnswer(BtfLayout.SizeOf(theirs.Root) ?? 0);
            case CoreRelocationKind.EnumeratorExists:
                return new CoreAnswer(1);
            case CoreRelocationKind.EnumeratorValue:
                return new CoreAnswer(theirs.Root.Resolve().EnumeratorAt(theirs.Steps[0].Index).Value);
            case CoreRelocationKind.FieldExists:
                return new CoreAnswer(1);
        }

        if (CoreField.Of(own) is not { } ours || CoreField.Of(theirs) is not { } field)
        {
            return CoreAnswer.Fatal($"`{CoreAccess.Describe(relocation)}` has no size, or is a bit-field that cannot be read at once");
        }

        return theirs.Steps[^1].Name is null && relocation.Kind is not (CoreRelocationKind.FieldOffset or CoreRelocationKind.FieldSize)
            ? CoreAnswer.Fatal($"`{CoreAccess.Describe(relocation)}` is an element, of which only place and size can be asked for")
            : new CoreAnswer(field.Value(relocation.Kind), IsOtherSize: relocation.Kind is CoreRelocationKind.FieldOffset && !ours.MayBeReadAs(field));
    }

    /// <summary>Where what is asked for lies in a type of the kernel; null: it is not in there.</summary>
    CorePath? TryMatch(CoreRelocation relocation, CorePath own, BtfType candidate)
    {
        var path = new CorePath(candidate);
        return relocation.Kind is CoreRelocationKind.TypeMatches ? _comparison.Match(own.Root, candidate) ? path : null
            : CorePath.IsOfType(relocation.Kind) ? _comparison.AreTypesAlike(own.Root, candidate) ? path : null
            : CorePath.IsOfEnumerator(relocation.Kind) ? TryMatchEnumerator(own, path)
            : TryMatchFields(own, path) ? path : null;
    }

    static CorePath? TryMatchEnumerator(CorePath own, CorePath path)
    {
        var type = path.Root.Resolve();
        if (!type.IsEnum)
        {
            return null;
        }

        var name = Encoding.UTF8.GetBytes(own.Steps[0].Name!);
        for (var i = 0; i < type.Count; i++)
        {
            if (CoreNames.AreAlike(Encoding.UTF8.GetBytes(type.EnumeratorAt(i).Name), name))
            {
                path.Steps.Add(new CoreStep(type, i, type.EnumeratorAt(i).Name));
                return path;
            }
        }

        return null;
    }

    bool TryMatchFields(CorePath own, CorePath path)
    {
        var type = path.Root;
        for (var i = 0; i < own.Steps.Count; i++)
        {
            var step = own.Steps[i];
            type = type.Resolve();
            if (step.Name is not null)
            {
                if (TryMember(step, type, path) is not { } next)
                {
                    return false;
                }

                type = next;
                continue;
            }

            // The first is where the type itself begins.
            if (i > 0)
            {
                if (type.Kind is not BtfKind.Array || (step.Index >= type.Length && !path.IsFlexible(type)))
                {
                    return false;
                }

                type = type.Target.Resolve();
            }

            path.Steps.Add(new CoreStep(type, step.Index, null));
            if (++path.Length > FitLimits.PathLength || !path.TryAdvance(type, step.Index))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds the member of that name, also in structs without a name; its type, or null.</summary>
    BtfType? TryMember(CoreStep own, BtfType holder, CorePath path)
    {
        holder = holder.Resolve();
        for (var i = 0; holder.IsComposite && i < holder.Count; i++)
        {
            _comparison.Count(holder);
            if (path.Length >= FitLimits.PathLength)
            {
                return null;
            }

            var member = holder.MemberAt(i);
            path.BitOffset += member.BitOffset;
            path.Length++;
            if (member.Name.Length == 0)
            {
                if (TryMember(own, member.Type, path) is { } found)
                {
                    return found;
                }
            }
            else if (member.Name == own.Name)
            {
                if (!_comparison.AreFieldsAlike(own.Holder.MemberAt(own.Index).Type, member.Type))
                {
                    return null;
                }

                path.Steps.Add(new CoreStep(holder, i, member.Name));
                return member.Type;
            }

            path.BitOffset -= member.BitOffset;
            path.Length--;
        }

        return null;
    }
}
