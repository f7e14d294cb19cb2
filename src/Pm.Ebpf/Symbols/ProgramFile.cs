using System.Buffers.Binary;
using System.IO.Enumeration;
using System.Text;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Symbols;

/// <summary>What a program or library has that an eBPF program can be attached to, as libbpf looks for it. Source: elf(5), elf_find_func_offset and parse_usdt_note of libbpf.</summary>
/// <remarks>Nothing is said of what is not plain: a file of 32 bits, one that is broken, or tables that are too large to be read.</remarks>
public static class ProgramFile
{
    const int HeadSize = 64;
    const int EntrySize = 64;
    const int SymbolSize = 24;
    const int NoteHead = 12;

    const int Function = 2;

    /// <summary>Bytes of a function's name that is held against a pattern: those of mangled templates have hundreds. Many symbols may share one name without an end.</summary>
    internal const int LongestName = 2048;

    const uint Symbols = 2;
    const uint Notes = 7;
    const uint DynamicSymbols = 11;

    /// <summary>Bytes of a table; those of the largest browsers have less.</summary>
    const int Largest = 64 << 20;

    static ReadOnlySpan<byte> NoteOwner => "stapsdt\0"u8;

    /// <summary>Whether it is a program or library at all.</summary>
    public static bool IsOne(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Part(file, 0, 4) is { } head && head.AsSpan().SequenceEqual("\u007fELF"u8);
    }

    /// <summary>Whether it names such a function; null where that cannot be said.</summary>
    public static bool? HasFunction(Stream file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (Sections(file) is not { } sections)
        {
            return null;
        }

        var wanted = Encoding.UTF8.GetBytes(name);
        foreach (var section in Tables(sections))
        {
            if (section.Link >= (uint)sections.Count || Content(file, section) is not { } symbols || Content(file, sections[(int)section.Link]) is not { } names)
            {
                return null;
            }

            if (HasFunction(symbols, names, wanted))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where in the file the functions with such names begin (<c>*</c> stands for any characters, <c>?</c> for one), each once; null where that cannot be said.</summary>
    internal static ulong[]? FunctionsLike(Stream file, string pattern)
    {
        if (Sections(file) is not { } sections)
        {
            return null;
        }

        var found = new SortedSet<ulong>();
        foreach (var table in Tables(sections))
        {
            if (table.Link >= (uint)sections.Count || Content(file, table) is not { } symbols || Content(file, sections[(int)table.Link]) is not { } names)
            {
                return null;
            }

            AddFunctionsLike(symbols, names, pattern, sections, found);
        }

        return [.. found];
    }

    /// <summary>Whether it has such a mark (usdt); null where that cannot be said.</summary>
    public static bool? HasMark(Stream file, string provider, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (Sections(file) is not { } sections || Half(Part(file, 0, HeadSize)!, 62) is var texts && texts >= sections.Count || Content(file, sections[texts]) is not { } names)
        {
            return null;
        }

        var at = sections.FindIndex(s => s.Type is Notes && s.Name < (uint)names.Length && names.AsSpan((int)s.Name).StartsWith(".note.stapsdt\0"u8));
        return at < 0 ? false : Content(file, sections[at]) is { } notes ? HasMark(notes, Encoding.UTF8.GetBytes($"{provider}\0{name}\0")) : null;
    }

    static void AddFunctionsLike(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names, string pattern, List<Section> sections, SortedSet<ulong> found)
    {
        for (; symbols.Length >= SymbolSize; symbols = symbols[SymbolSize..])
        {
            var (at, section, value) = (Word(symbols, 0), Half(symbols, 6), (ulong)Long(symbols, 8));
            if ((symbols[4] & 0xf) != Function || at >= (uint)names.Length || section is 0 || section >= sections.Count || value < sections[section].Address)
            {
                continue;
            }

            var name = names.Slice((int)at, Math.Min(names.Length - (int)at, LongestName + 1));
            var end = name.IndexOfAny((byte)0, (byte)'@');
            if (end > 0 && FileSystemName.MatchesSimpleExpression(pattern, Encoding.UTF8.GetString(name[..end]), ignoreCase: false))
            {
                found.Add(value - sections[section].Address + (ulong)sections[section].Offset);
            }
        }
    }

    /// <summary>A name may have a version behind it: <c>getenv@@GLIBC_2.2.5</c>.</summary>
    static bool HasFunction(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names, ReadOnlySpan<byte> wanted)
    {
        for (; symbols.Length >= SymbolSize; symbols = symbols[SymbolSize..])
        {
            var at = BinaryPrimitives.ReadUInt32LittleEndian(symbols);
            if ((symbols[4] & 0xf) == Function && at < (uint)names.Length && names[(int)at..].StartsWith(wanted) && names[((int)at + wanted.Length)..] is [0 or (byte)'@', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A note is three lengths, who it is of, and what it says, each filled up to 4 bytes; what a mark's says begins with three addresses.</summary>
    static bool HasMark(ReadOnlySpan<byte> notes, ReadOnlySpan<byte> wanted)
    {
        const int addresses = 24;
        while (notes.Length >= NoteHead)
        {
            var (owner, said) = (BinaryPrimitives.ReadUInt32LittleEndian(notes), BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]));
            var (begin, end) = (NoteHead + Filled(owner), NoteHead + Filled(owner) + Filled(said));
            if (NoteHead + Filled(owner) + said > notes.Length)
            {
                return false;
            }

            if (notes[NoteHead..].StartsWith(NoteOwner) && owner == NoteOwner.Length && said > addresses && notes.Slice((int)begin + addresses, (int)said - addresses).StartsWith(wanted))
            {
                return true;
            }

            notes = notes[(int)Math.Min(end, notes.Length)..];
        }

        return false;
    }

    static long Filled(uint length) => (length + 3L) & ~3L;

    /// <summary>A file has one of each at most, so no more are read. Source: "Special Sections" of the System V ABI.</summary>
    internal static IEnumerable<Section> Tables(List<Section> sections) =>
        new[] { sections.FindIndex(s => s.Type is DynamicSymbols), sections.FindIndex(s => s.Type is Symbols) }.Where(i => i >= 0).Select(i => sections[i]);

    internal static List<Section>? Sections(Stream file)
    {
        if (Part(file, 0, HeadSize) is not { } head || !head.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8) || Half(head, 58) != EntrySize || Half(head, 60) is var count && count is 0 or > ElfLimits.Sections
            || Part(file, Long(head, 40), EntrySize * count) is not { } table)
        {
            return null;
        }

        return [.. Enumerable.Range(0, count).Select(i => table.AsSpan(EntrySize * i, EntrySize).ToArray())
            .Select(e => new Section(Word(e, 0), Word(e, 4), (ulong)Long(e, 16), Long(e, 24), Long(e, 32), Word(e, 40)))];
    }

    internal static byte[]? Content(Stream file, Section section) => section.Size <= Largest ? Part(file, section.Offset, (int)section.Size) : null;

    internal static byte[]? Part(Stream file, long at, int length)
    {
        if (at > file.Length || length > file.Length - at)
        {
            return null;
        }

        var bytes = new byte[length];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What is too large for a sign is beyond any file.</summary>
    static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) is >= 0 and var number ? number : long.MaxValue;

    static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    static int Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    internal readonly record struct Section(uint Name, uint Type, ulong Address, long Offset, long Size, uint Link);
}
