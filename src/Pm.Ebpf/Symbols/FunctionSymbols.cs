using System.Buffers.Binary;

namespace Pm.Ebpf.Symbols;

/// <summary>Reads the functions out of a table of symbols, and puts them in an order in which they are found. Source: "Symbol Table" of the System V ABI.</summary>
static class FunctionSymbols
{
    const int SymbolSize = 24;

    const int Function = 2;

    /// <summary>One of several that is chosen at the start of the program (ifunc).</summary>
    const int ChosenFunction = 10;

    const ushort ReservedSections = 0xff00;

    /// <summary>The number is too large for its field, and stands elsewhere.</summary>
    const ushort FarSection = 0xffff;

    /// <summary>The functions by their addresses, each address of a function with several names as often as names differ in where they end; and to each, the nearest before it that goes on behind its begin, or -1.</summary>
    public static (FunctionSymbol[] Functions, int[] Around) Read(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names, List<ProgramFile.Section> sections)
    {
        var functions = Functions(symbols, names);
        Array.Sort(functions, (a, b) => a.Start.CompareTo(b.Start));
        GiveEnds(functions, sections);
        Array.Sort(functions, (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.End.CompareTo(a.End));
        return Nest(functions, names);
    }

    /// <summary>A name without its version (<c>getenv@@GLIBC_2.2.5</c>); empty where it is none.</summary>
    public static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names, uint at)
    {
        if (at >= (uint)names.Length)
        {
            return [];
        }

        var rest = names[(int)at..];
        var end = rest[..Math.Min(rest.Length, ProgramFile.LongestName + 1)].IndexOfAny((byte)0, (byte)'@');
        return end > 0 ? rest[..end] : [];
    }

    static FunctionSymbol[] Functions(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names)
    {
        var functions = new List<FunctionSymbol>();
        for (; symbols.Length >= SymbolSize; symbols = symbols[SymbolSize..])
        {
            var section = BinaryPrimitives.ReadUInt16LittleEndian(symbols[6..]);
            var (start, size) = (BinaryPrimitives.ReadUInt64LittleEndian(symbols[8..]), BinaryPrimitives.ReadUInt64LittleEndian(symbols[16..]));
            var name = BinaryPrimitives.ReadUInt32LittleEndian(symbols);

            // One of section 0 is another file's: what it has for an address is a jump to there.
            if ((symbols[4] & 0xf) is Function or ChosenFunction && section is not 0 and (< ReservedSections or FarSection)
                && start != 0 && size <= ulong.MaxValue - start && !NameAt(names, name).IsEmpty)
            {
                functions.Add(new FunctionSymbol(start, start + size, name, section, symbols[4] >> 4 == 0));
            }
        }

        return [.. functions];
    }

    /// <summary>One without a size goes on to the next, or to the end of its section: what comes behind <c>_init</c> are jumps that are no part of it.</summary>
    static void GiveEnds(FunctionSymbol[] functions, List<ProgramFile.Section> sections)
    {
        var next = ulong.MaxValue;
        for (var i = functions.Length - 1; i >= 0; i--)
        {
            var function = functions[i];
            next = i + 1 < functions.Length && functions[i + 1].Start != function.Start ? functions[i + 1].Start : next;
            if (function.End == function.Start)
            {
                var section = function.Section < sections.Count ? sections[function.Section] : default;
                var isWithin = function.Start >= section.Address && function.Start - section.Address < (ulong)section.Size;
                functions[i] = function with { End = isWithin ? Math.Min(next, section.Address + (ulong)section.Size) : next };
            }
        }
    }

    /// <summary>Of those that begin at one address the longest comes first here, and stays as far as no better name reaches.</summary>
    static (FunctionSymbol[] Functions, int[] Around) Nest(FunctionSymbol[] functions, ReadOnlySpan<byte> names)
    {
        var (around, count, last) = (new int[functions.Length], 0, -1);
        foreach (var function in functions)
        {
            var isNext = count > 0 && functions[count - 1].Start == function.Start;
            if (isNext && !IsBetter(function, functions[count - 1], names))
            {
                continue;
            }

            if (isNext && functions[count - 1].End == function.End)
            {
                functions[count - 1] = function;
                continue;
            }

            while (last >= 0 && functions[last].End <= function.Start)
            {
                last = around[last];
            }

            (around[count], functions[count]) = (last, function);
            last = count++;
        }

        return (functions[..count], around[..count]);
    }

    static bool IsBetter(FunctionSymbol one, FunctionSymbol other, ReadOnlySpan<byte> names)
    {
        if (one.IsLocal != other.IsLocal)
        {
            return other.IsLocal;
        }

        var name = NameAt(names, one.Name);
        var held = NameAt(names, other.Name);
        return name.Length != held.Length ? name.Length < held.Length : name.SequenceCompareTo(held) < 0;
    }
}
