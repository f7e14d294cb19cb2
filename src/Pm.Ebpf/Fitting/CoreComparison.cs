using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a type of an object and one of a kernel are the same for CO-RE. Source: relo_core.c of libbpf, whose rules and limits these are.</summary>
sealed class CoreComparison
{
    int _left = FitLimits.Comparisons;

    /// <summary>Types of fields: integers and pointers of any size, arrays of such, structs whatever is in them.</summary>
    public bool AreFieldsAlike(BtfType own, BtfType theirs)
    {
        for (var depth = 0; depth < BtfLimits.Depth; depth++)
        {
            Count(theirs);
            (own, theirs) = (own.Resolve(), theirs.Resolve());
            if (own.IsComposite && theirs.IsComposite)
            {
                return true;
            }

            if (!CoreCandidates.IsAlike(own, theirs))
            {
                return false;
            }

            switch (own.Kind)
            {
                case BtfKind.Pointer or BtfKind.Float:
                    return true;
                case BtfKind.Forward or BtfKind.Enum or BtfKind.Enum64:
                    return own.NameBytes().IsEmpty || theirs.NameBytes().IsEmpty || CoreNames.AreAlike(own.NameBytes(), theirs.NameBytes());
                case BtfKind.Integer:
                    return own.IntegerEncoding.Offset == 0 && theirs.IntegerEncoding.Offset == 0;
                case BtfKind.Array:
                    (own, theirs) = (own.Target, theirs.Target);
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Types alike in kind, for <c>bpf_core_type_exists</c>.</summary>
    public bool AreTypesAlike(BtfType own, BtfType theirs) => CoreCandidates.IsAlike(own, theirs) && AreTypesAlike(own, theirs, FitLimits.Depth);

    /// <summary>Types alike in all that is in them, for <c>bpf_core_type_matches</c>.</summary>
    public bool Match(BtfType own, BtfType theirs) => Match(own, theirs, isBehindPointer: false, FitLimits.Depth);

    public void Count(BtfType type)
    {
        if (--_left < 0)
        {
            throw type.File.Wrong($"types nest in more ways than can be compared: at most {FitLimits.Comparisons} steps");
        }
    }

    bool AreTypesAlike(BtfType own, BtfType theirs, int depth)
    {
        for (; depth > 0; depth--)
        {
            Count(theirs);
            (own, theirs) = (own.Resolve(), theirs.Resolve());
            if (!CoreCandidates.IsAlike(own, theirs))
            {
                return false;
            }

            switch (own.Kind)
            {
                case BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                    return true;
                case BtfKind.Integer:
                    return own.IntegerEncoding.Offset == 0 && theirs.IntegerEncoding.Offset == 0;
                case BtfKind.FunctionPrototype:
                    if (!ParametersAre(own, theirs, depth, AreTypesAlike))
                    {
                        return false;
                    }

                    break;
                case not (BtfKind.Pointer or BtfKind.Array):
                    return false;
            }

            (own, theirs) = (own.Target, theirs.Target);
        }

        return false;
    }

    bool Match(BtfType own, BtfType theirs, bool isBehindPointer, int level)
    {
        for (var depth = FitLimits.Depth; depth > 0 && level > 0; depth--)
        {
            Count(theirs);
            (own, theirs) = (own.Resolve(), theirs.Resolve());
            if (!CoreNames.AreAlike(own.NameBytes(), theirs.NameBytes()))
            {
                return false;
            }

            switch (own.Kind)
            {
                case BtfKind.Void:
                    return theirs.Kind is BtfKind.Void;
                case BtfKind.Forward:
                    return theirs.Kind is BtfKind.Forward ? own.Flag == theirs.Flag : isBehindPointer && theirs.Kind == (own.Flag ? BtfKind.Union : BtfKind.Struct);
                case BtfKind.Enum or BtfKind.Enum64:
                    return theirs.IsEnum && EnumsMatch(own, theirs);
                case BtfKind.Struct or BtfKind.Union when isBehindPointer:
                    return own.Kind == theirs.Kind || (theirs.Kind is BtfKind.Forward && own.Kind is BtfKind.Union == theirs.Flag);
                case BtfKind.Struct or BtfKind.Union:
                    return own.Kind == theirs.Kind && MembersMatch(own, theirs, level);
                case BtfKind.Integer:
                    return theirs.Kind is BtfKind.Integer && own.Size == theirs.Size && own.IntegerEncoding.IsSigned == theirs.IntegerEncoding.IsSigned;
                case BtfKind.Pointer when theirs.Kind is BtfKind.Pointer:
                    isBehindPointer = true;
                    break;
                case BtfKind.Array when theirs.Kind is BtfKind.Array && own.Length == theirs.Length:
                    break;
                case BtfKind.FunctionPrototype when theirs.Kind is BtfKind.FunctionPrototype:
                    var isBehind = isBehindPointer;
                    if (!ParametersAre(own, theirs, level, (o, t, l) => Match(o, t, isBehind, l)))
                    {
                        return false;
                    }

                    break;
                default:
                    return false;
            }

            (own, theirs) = (own.Target, theirs.Target);
        }

        return false;
    }

    bool MembersMatch(BtfType own, BtfType theirs, int level)
    {
        if (own.Count > theirs.Count)
        {
            return false;
        }

        var members = theirs.Members;
        foreach (var member in own.Members)
        {
            var isFound = false;
            foreach (var other in members)
            {
                Count(theirs);
                if (CoreNames.AreAlike(member.Name, other.Name) && Match(member.Type, other.Type, isBehindPointer: false, level - 1))
                {
                    isFound = true;
                    break;
                }
            }

            if (!isFound)
            {
                return false;
            }
        }

        return true;
    }

    bool EnumsMatch(BtfType own, BtfType theirs)
    {
        Count(theirs);
        if (own.Count > theirs.Count)
        {
            return false;
        }

        var names = theirs.Enumerators.Select(e => Essential(e.Name)).ToHashSet(StringComparer.Ordinal);
        return own.Enumerators.All(e => names.Contains(Essential(e.Name)));
    }

    static bool ParametersAre(BtfType own, BtfType theirs, int depth, Func<BtfType, BtfType, int, bool> are)
    {
        var (all, others) = (own.Parameters, theirs.Parameters);
        return all.Length == others.Length && all.Zip(others).All(p => are(p.First.Type, p.Second.Type, depth - 1));
    }

    static string Essential(string name) => System.Text.Encoding.UTF8.GetString(CoreNames.Essential(System.Text.Encoding.UTF8.GetBytes(name)));
}
