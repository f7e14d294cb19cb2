using System.Globalization;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Fitting;

/// <summary>Where something lies in a type: the path that a relocation says in numbers, or the one in a kernel's types that has the same names. Source: bpf_core_spec of libbpf.</summary>
sealed class CorePath(BtfType root)
{
    /// <summary>Bits that no type of a kernel has.</summary>
    const long MostBits = 1L << 40;

    public BtfType Root { get; } = root;

    public List<CoreStep> Steps { get; } = [];

    public long BitOffset { get; set; }

    /// <summary>Steps, those into members without a name among them.</summary>
    public int Length { get; set; }

    /// <summary>The path of a relocation in the object's own types; null where there is none of that kind.</summary>
    public static CorePath? TryParse(CoreRelocation relocation)
    {
        var path = new CorePath(relocation.Type);
        var numbers = Numbers(relocation.Access);
        if (numbers is null)
        {
            return null;
        }

        var type = relocation.Type.Resolve();
        if (IsOfType(relocation.Kind))
        {
            return numbers is [0] ? path : null;
        }

        if (IsOfEnumerator(relocation.Kind))
        {
            if (!type.IsEnum || numbers.Count > 1 || numbers[0] >= type.Count)
            {
                return null;
            }

            path.Steps.Add(new CoreStep(type, numbers[0], type.EnumeratorAt(numbers[0]).Name));
            return path;
        }

        path.Steps.Add(new CoreStep(type, numbers[0], null));
        return path.TryAdvance(type, numbers[0]) && path.TryFollow(type, numbers) ? path : null;
    }

    public static bool IsOfType(CoreRelocationKind kind) =>
        kind is CoreRelocationKind.TypeIdLocal or CoreRelocationKind.TypeIdTarget or CoreRelocationKind.TypeExists or CoreRelocationKind.TypeSize or CoreRelocationKind.TypeMatches;

    public static bool IsOfEnumerator(CoreRelocationKind kind) => kind is CoreRelocationKind.EnumeratorExists or CoreRelocationKind.EnumeratorValue;

    /// <summary>Goes over so many elements.</summary>
    public bool TryAdvance(BtfType element, int count)
    {
        if (BtfLayout.SizeOf(element) is not { } size || (long)count * size > MostBits / 8)
        {
            return false;
        }

        BitOffset += (long)count * size * 8;
        return BitOffset <= MostBits;
    }

    /// <summary>An array without a length, at the end of the struct that the last step went into.</summary>
    public bool IsFlexible(BtfType array) =>
        array.Length == 0 && Steps.Count > 0 && Steps[^1] is { Name: not null } last && last.Holder.IsComposite && last.Index == last.Holder.Count - 1;

    bool TryFollow(BtfType type, List<int> numbers)
    {
        foreach (var number in numbers.Skip(1))
        {
            type = type.Resolve();
            if (type.IsComposite && number < type.Count)
            {
                var member = type.MemberAt(number);
                BitOffset += member.BitOffset;
                if (member.Name.Length > 0)
                {
                    Steps.Add(new CoreStep(type, number, member.Name));
                }

                type = member.Type;
            }
            else if (type.Kind is BtfKind.Array && (number < type.Length || IsFlexible(type)))
            {
                type = type.Target.Resolve();
                Steps.Add(new CoreStep(type, number, null));
                if (!TryAdvance(type, number))
                {
                    return false;
                }
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    static List<int>? Numbers(string access)
    {
        var numbers = new List<int>();
        foreach (var word in access.Split(':', FitLimits.PathLength + 1))
        {
            if (numbers.Count == FitLimits.PathLength || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }
}
