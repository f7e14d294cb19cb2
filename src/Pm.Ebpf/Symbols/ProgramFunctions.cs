using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pm.Ebpf.Symbols;

/// <summary>The names of the functions of a program or library, by their places in the file. Source: elf(5).</summary>
/// <remarks>What is broken has no names, and is no error: it may be anybody's.</remarks>
public sealed class ProgramFunctions
{
    const int HeadSize = 64;
    const int SegmentSize = 56;
    const uint Loaded = 1;

    /// <summary>Programs have about ten.</summary>
    const int MostSegments = 256;

    /// <summary>Functions around one another that are gone through; compilers nest none.</summary>
    const int Deepest = 64;

    readonly FunctionSymbol[] _functions;
    readonly int[] _around;
    readonly byte[] _names;
    readonly List<Segment> _segments;

    ProgramFunctions(List<Segment> segments, FunctionSymbol[] functions, int[] around, byte[] names) => (_segments, _functions, _around, _names) = (segments, functions, around, names);

    /// <summary>None where there are no names, or they cannot be read.</summary>
    public int Count => _functions.Length;

    /// <summary>Bytes of the tables that were read, whatever came of them.</summary>
    internal long Cost { get; private init; }

    /// <summary>Those of the file's own table, or else of the one for who links with it, which is left in each.</summary>
    public static ProgramFunctions Read(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var cost = 0L;
        try
        {
            if (ProgramFile.Sections(file) is { } sections && Segments(file) is { Count: > 0 } segments)
            {
                foreach (var table in ProgramFile.Tables(sections).Reverse())
                {
                    if (table.Link < (uint)sections.Count && ProgramFile.Content(file, table) is { } symbols && ProgramFile.Content(file, sections[(int)table.Link]) is { } names)
                    {
                        cost += symbols.Length + names.Length;
                        var (functions, around) = FunctionSymbols.Read(symbols, names, sections);
                        if (functions.Length > 0)
                        {
                            return new ProgramFunctions(segments, functions, around, names) { Cost = cost };
                        }
                    }
                }
            }
        }
        catch (IOException)
        {
            // It is shorter than a moment ago, or its disk is broken.
        }

        return new ProgramFunctions([], [], [], []) { Cost = cost };
    }

    /// <summary><c>name+0x12</c> for a place in the file; null where no function is.</summary>
    public string? NameOf(ulong place)
    {
        foreach (var segment in _segments)
        {
            if (place >= segment.Offset && place - segment.Offset < segment.Size)
            {
                return NameOfAddress(segment.Address + (place - segment.Offset));
            }
        }

        return null;
    }

    string? NameOfAddress(ulong address)
    {
        var (low, high) = (0, _functions.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _functions[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }

        var at = low - 1;
        for (var step = 0; at >= 0 && step < Deepest; step++, at = _around[at])
        {
            if (address < _functions[at].End)
            {
                return $"{Encoding.UTF8.GetString(FunctionSymbols.NameAt(_names, _functions[at].Name))}+0x{(address - _functions[at].Start).ToString("x", CultureInfo.InvariantCulture)}";
            }
        }

        return null;
    }

    /// <summary>Where in memory the parts of the file come, counted from where it is put as a whole; null where that cannot be said.</summary>
    static List<Segment>? Segments(Stream file)
    {
        if (ProgramFile.Part(file, 0, HeadSize) is not { } head || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(54)) != SegmentSize
            || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56)) is var count && count > MostSegments
            || BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(32)) is var at && at < 0 || ProgramFile.Part(file, at, count * SegmentSize) is not { } table)
        {
            return null;
        }

        return [.. Enumerable.Range(0, count).Select(i => table.AsMemory(i * SegmentSize, SegmentSize))
            .Where(s => BinaryPrimitives.ReadUInt32LittleEndian(s.Span) == Loaded)
            .Select(s => new Segment(BinaryPrimitives.ReadUInt64LittleEndian(s.Span[8..]), BinaryPrimitives.ReadUInt64LittleEndian(s.Span[16..]), BinaryPrimitives.ReadUInt64LittleEndian(s.Span[32..])))
            .Where(s => s.Size <= ulong.MaxValue - s.Address)];
    }

    readonly record struct Segment(ulong Offset, ulong Address, ulong Size);
}
