using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Losses;

/// <summary>Finds the numbers in a variable, or in the values of a map, that count lost events: where its own name says it all of an array, else those of its members whose names say it.</summary>
/// <param name="names">Those that say it.</param>
sealed class LossPlaces(IReadOnlyCollection<string> names)
{
    /// <summary>One for each processor and cause is less; an array of more counts something else.</summary>
    const int Most = 4096;

    /// <summary>How deep structs and arrays may nest.</summary>
    const int Deepest = 8;

    readonly List<(int Offset, int Size)> _found = [];

    /// <summary>Offset and size of each.</summary>
    /// <param name="type">Null: not known, as a number's may be.</param>
    /// <param name="size">Of the whole, in bytes.</param>
    /// <param name="isMeant">Whether the name of the whole says it.</param>
    /// <param name="names">Those of members that say it.</param>
    public static IReadOnlyList<(int Offset, int Size)> Of(BtfType? type, int size, bool isMeant, IReadOnlyCollection<string> names)
    {
        if (type is null)
        {
            return isMeant && size is 4 or 8 ? [(0, size)] : [];
        }

        var places = new LossPlaces(names);
        places.Add(type.Value.Resolve(), 0, size, isMeant, 0);
        return places._found.Count > Most ? [] : places._found;
    }

    void Add(BtfType type, int offset, int end, bool isCounter, int depth)
    {
        switch (type.Kind)
        {
            case BtfKind.Integer when isCounter && type.Size is 4 or 8 && offset + (int)type.Size <= end:
                _found.Add((offset, (int)type.Size));
                break;
            case BtfKind.Array when depth < Deepest && type.Target.Resolve() is var element && BtfLayout.SizeOf(element) is > 0 and var stride:
                for (var i = 0; i < type.Length && offset + (long)stride * (i + 1) <= end && i <= Most && _found.Count <= Most; i++)
                {
                    Add(element, offset + stride * i, end, isCounter, depth + 1);
                }

                break;
            case BtfKind.Struct when depth < Deepest:
                // Of different numbers those count that say it themselves.
                foreach (var member in type.Members.Where(m => !m.IsBitField))
                {
                    Add(member.Type.Resolve(), offset + (int)(member.BitOffset / 8), end, names.Contains(member.Name), depth + 1);
                }

                break;
        }
    }
}
