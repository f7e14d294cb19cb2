using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Where a C compiler would put what a struct is made of, so that it can be told what it would do otherwise than the kernel's.</summary>
static class RecordLayout
{
    const int MostAligned = 16;

    /// <summary>Bytes that the address of a type is a multiple of.</summary>
    public static int AlignmentOf(BtfType type, Dictionary<int, int> known, int depth = 0)
    {
        type = type.Resolve();
        if (depth > BtfLimits.Depth)
        {
            throw type.File.Wrong($"type {type.Id} nests deeper than {BtfLimits.Depth}");
        }

        switch (type.Kind)
        {
            case BtfKind.Array:
                return AlignmentOf(type.Target, known, depth + 1);
            case BtfKind.Struct or BtfKind.Union:
                if (!known.TryGetValue(type.Id, out var alignment))
                {
                    alignment = IsPacked(type, known, depth) ? 1 : Natural(type, known, depth);
                    known[type.Id] = alignment;
                }

                return alignment;
            case BtfKind.Pointer:
                return BtfLayout.PointerSize;
            case BtfKind.Integer or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64:
                return (int)Math.Clamp(type.Size, 1, MostAligned);
            default:
                return 1;
        }
    }

    /// <summary>Whether members lie where no compiler puts them unasked, or the size leaves no room for what follows them.</summary>
    public static bool IsPacked(BtfType type, Dictionary<int, int> known, int depth = 0)
    {
        foreach (var member in type.Members)
        {
            var alignment = AlignmentOf(member.Type, known, depth + 1);
            if (!member.IsBitField && member.BitOffset % (alignment * 8) != 0)
            {
                return true;
            }
        }

        return type.Size % Natural(type, known, depth) != 0;
    }

    static int Natural(BtfType type, Dictionary<int, int> known, int depth)
    {
        var most = 1;
        foreach (var member in type.Members)
        {
            most = Math.Max(most, AlignmentOf(member.Type, known, depth + 1));
        }

        return most;
    }
}
