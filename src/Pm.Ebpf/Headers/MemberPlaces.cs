using System.Globalization;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Headers;

/// <summary>Follows where a compiler puts the members of a struct or union, and says what has to stand between them for them to be where they are.</summary>
/// <param name="type">The struct or union.</param>
/// <param name="isPacked">Whether it is written as packed.</param>
/// <param name="alignments">What is known of other types.</param>
/// <param name="number">Gives a number that no other filler has: members of a union without a name are those of the struct around it.</param>
sealed class MemberPlaces(BtfType type, bool isPacked, Dictionary<int, int> alignments, Func<int> number)
{
    /// <summary>Of fillers without a name. Source: the lines of a cache, to which the kernel aligns, have 128 bytes at most.</summary>
    const long MostBits = 8 * 128;

    long _at;
    int _alignment = 1;

    /// <summary>Members without meaning that have to stand before one.</summary>
    public IEnumerable<string> Before(BtfMember member)
    {
        var alignment = isPacked ? 1 : RecordLayout.AlignmentOf(member.Type, alignments);
        _alignment = Math.Max(_alignment, alignment);
        var size = BtfLayout.SizeOf(member.Type) ?? 0;
        if (type.Kind is BtfKind.Union)
        {
            _at = Math.Max(_at, member.IsBitField ? member.BitFieldSize : size * 8L);
            return [];
        }

        var fillers = member.IsBitField ? BeforeBits(member, size * 8L) : BeforeWhole(member, alignment);
        _at = member.BitOffset + (member.IsBitField ? member.BitFieldSize : size * 8L);
        return fillers;
    }

    /// <summary>What stands behind the last one.</summary>
    public IEnumerable<string> End()
    {
        var natural = RoundUp(_at, _alignment * 8L);
        var whole = RoundUp(_at, 8);
        return natural >= type.Size * 8L ? []
            : type.Kind is BtfKind.Union ? [Filler(type.Size)]
            : Fillers(_at, type.Size * 8L);
    }

    IEnumerable<string> BeforeWhole(BtfMember member, int alignment) => RoundUp(_at, alignment * 8L) >= member.BitOffset ? [] : Fillers(_at, member.BitOffset);

    /// <summary>A bit-field goes on where the one before it ended, if it fits into what holds it.</summary>
    List<string> BeforeBits(BtfMember member, long unit)
    {
        var fillers = new List<string>();
        var at = _at;
        if (member.BitOffset / 8 > RoundUp(at, 8) / 8)
        {
            // Whole bytes first, to the beginning of the byte that the field begins in.
            var begin = member.BitOffset / 8 * 8;
            fillers.AddRange(Fillers(at, begin));
            at = begin;
        }

        if (at < member.BitOffset && unit > 0)
        {
            fillers.Add(string.Create(CultureInfo.InvariantCulture, $"{(at / 8 == member.BitOffset / 8 ? "char" : "int")} : {member.BitOffset - at}"));
        }

        return fillers;
    }

    /// <summary>Bits without a name, which are no members: libbpf wants the kernel to have each member of a struct of functions. What no alignment asks for is one array.</summary>
    IEnumerable<string> Fillers(long from, long to)
    {
        if (to - from > MostBits)
        {
            var whole = RoundUp(from, 8);
            return [.. Fillers(from, whole), Filler((to - whole) / 8), .. Fillers(whole + ((to - whole) / 8 * 8), to)];
        }

        return Bits(from, to);
    }

    static IEnumerable<string> Bits(long from, long to)
    {
        for (long at = from, bits; at < to; at += bits)
        {
            bits = at % 64 == 0 && to - at >= 64 ? 64 : Math.Min(8 - (at % 8), to - at);
            yield return bits == 64 ? "long : 64" : string.Create(CultureInfo.InvariantCulture, $"char : {bits}");
        }
    }

    string Filler(long bytes) => string.Create(CultureInfo.InvariantCulture, $"char __pm_pad{number()}[{bytes}]");

    static long RoundUp(long value, long to) => (value + to - 1) / to * to;
}
