using System.Buffers.Binary;
using System.Text;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>
/// Damages an eBPF object where it says something: heads and kinds of sections, symbols, relocations, instructions, types and what speaks of them. All else stays, so that a reader takes
/// most of them, and what it hands on is seen by who comes next. Source: elf(5), btf.rst.
/// </summary>
static class ObjectDamage
{
    const int HeadSize = 64;
    const int SymbolSize = 24;
    const int RelocationSize = 16;
    const int InstructionSize = 8;

    static readonly uint[] SectionTypes = [0, 1, 2, 3, 4, 7, 8, 9, 11, 0x6fff4c03];

    static readonly string[] SectionNames = [".BTF", ".BTF.ext", ".maps", ".rodata", ".data", ".bss", ".text", ".kconfig", ".ksyms", "license", "version", ".struct_ops", ".struct_ops.link", ".rel.maps"];

    /// <summary>Fields of a section's head: where, and how many bytes.</summary>
    static readonly (int At, int Size)[] SectionFields = [(0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8)];

    static readonly (int At, int Size)[] SymbolFields = [(0, 4), (4, 1), (5, 1), (6, 2), (8, 8), (16, 8)];

    static readonly (int At, int Size)[] RelocationFields = [(0, 8), (8, 4), (12, 4)];

    /// <summary>Opcodes that are looked at before the kernel sees them: an address, a call, a load, a store.</summary>
    static readonly byte[] Opcodes = [0x18, 0x85, 0x61, 0x63, 0x62, 0xb7, 0xb4, 0x05, 0x95, 0x00];

    public static byte[] Change(byte[] bytes, Dice dice)
    {
        var sections = Sections(bytes);
        if (sections.Count == 0)
        {
            return bytes;
        }

        switch (dice.Below(16))
        {
            case 0 or 1:
                ChangeSection(bytes, dice, sections);
                return bytes;
            case 2 or 3 or 4:
                ChangeRecord(bytes, dice, sections, s => s.Type == 2, SymbolSize, SymbolFields);
                return bytes;
            case 5 or 6:
                ChangeRecord(bytes, dice, sections, s => s.Type == 9, RelocationSize, RelocationFields);
                return bytes;
            case 7 or 8 or 9 or 10:
                ChangeTypes(bytes, dice, sections);
                return bytes;
            case 11 or 12:
                ChangeWord(bytes, dice, sections, ".BTF.ext");
                return bytes;
            case 13:
                ChangeInstruction(bytes, dice, sections);
                return bytes;
            case 14:
                ChangeWord(bytes, dice, sections, dice.Of(SectionNames));
                return bytes;
            default:
                return Grow(bytes, dice, sections);
        }
    }

    /// <summary>As the file says it, as far as it lies within.</summary>
    static List<Section> Sections(byte[] bytes)
    {
        var found = new List<Section>();
        if (bytes.Length < HeadSize || Long(bytes, 40) is var table && (table < HeadSize || table > bytes.Length))
        {
            return found;
        }

        var names = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(62));
        var namesAt = table + (names * HeadSize) + HeadSize <= bytes.Length ? Long(bytes, (int)table + (names * HeadSize) + 24) : bytes.Length;
        for (var at = (int)table; at + HeadSize <= bytes.Length && found.Count < BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(60)); at += HeadSize)
        {
            var (from, size) = (Long(bytes, at + 24), Long(bytes, at + 32));
            var isWithin = Word(bytes, at + 4) is not (0 or 8) && from >= 0 && size >= 0 && from <= bytes.Length && size <= bytes.Length - from;
            found.Add(new Section(at, Name(bytes, namesAt + Word(bytes, at)), Word(bytes, at + 4), Long(bytes, at + 8), isWithin ? (int)from : 0, isWithin ? (int)size : 0));
        }

        return found;
    }

    static string Name(byte[] bytes, long at)
    {
        if (at < 0 || at >= bytes.Length)
        {
            return "";
        }

        var rest = bytes.AsSpan((int)at, (int)Math.Min(bytes.Length - at, 64));
        return Encoding.Latin1.GetString(rest[..(rest.IndexOf((byte)0) is >= 0 and var end ? end : 0)]);
    }

    static void ChangeSection(byte[] bytes, Dice dice, List<Section> sections)
    {
        var (section, other, (at, size)) = (dice.Of(sections), dice.Of(sections), dice.Of(SectionFields));
        var value = dice.Below(3) switch
        {
            0 => Field(bytes, other.Head + at, size),
            1 when at == 4 => dice.Of(SectionTypes),
            1 when at == 8 => dice.Below(8),
            _ => Number(dice, sections.Count),
        };
        Put(bytes, section.Head + at, size, value);
    }

    static void ChangeRecord(byte[] bytes, Dice dice, List<Section> sections, Func<Section, bool> isTable, int size, (int At, int Size)[] fields)
    {
        var tables = sections.Where(s => isTable(s) && s.Size >= size).ToList();
        if (tables.Count == 0)
        {
            return;
        }

        var table = dice.Of(tables);
        var (record, other) = (table.At + (dice.Below(table.Size / size) * size), table.At + (dice.Below(table.Size / size) * size));
        var (at, length) = dice.Of(fields);
        var old = Field(bytes, record + at, length);
        Put(bytes, record + at, length, dice.Below(4) switch
        {
            0 => Field(bytes, other + at, length),
            1 => old + (8 * (dice.Below(9) - 4)),
            2 => Number(dice, sections.Count),
            _ => dice.Below(64),
        });
    }

    /// <summary>A word of a type, or of the head of all; mostly such as another type has there.</summary>
    static void ChangeTypes(byte[] bytes, Dice dice, List<Section> sections)
    {
        if (sections.FirstOrDefault(s => s.Name == ".BTF" && s.Size >= 24) is not { } types || dice.Below(12) == 0)
        {
            ChangeWord(bytes, dice, sections, ".BTF");
            return;
        }

        var starts = Starts(bytes, types);
        if (starts.Count < 2)
        {
            return;
        }

        var chosen = dice.Below(starts.Count - 1);
        var words = (starts[chosen + 1] - starts[chosen]) / 4;
        var at = starts[chosen] + (4 * dice.Below(words));
        var other = starts[dice.Below(starts.Count - 1)];
        Put(bytes, at, 4, dice.Below(6) switch
        {
            0 or 1 => dice.Below(starts.Count + 1),
            2 => Word(bytes, other + (4 * dice.Below(3))),
            3 => Word(bytes, at) + dice.Below(9) - 4,
            4 => Word(bytes, at) ^ (1L << dice.Below(32)),
            _ => Number(dice, starts.Count),
        });
    }

    /// <summary>Where each type begins, and where the last ends.</summary>
    static List<int> Starts(byte[] bytes, Section types)
    {
        var starts = new List<int>();
        var (at, end) = (types.At + 24L, types.At + 24L + Word(bytes, types.At + 12));
        while (at + 12 <= Math.Min(end, types.At + types.Size))
        {
            starts.Add((int)at);
            var info = Word(bytes, (int)at + 4);
            var count = info & 0xffff;
            at += 12 + ((info >> 24 & 31) switch { 1 or 14 or 17 => 4, 3 => 12, 4 or 5 or 15 or 19 => 12 * count, 6 or 13 => 8 * count, _ => 0 });
        }

        if (at <= types.At + types.Size)
        {
            starts.Add((int)at);
        }

        return starts;
    }

    static void ChangeWord(byte[] bytes, Dice dice, List<Section> sections, string name)
    {
        if (sections.FirstOrDefault(s => s.Name == name && s.Size >= 4) is { } section)
        {
            // Heads say where all else lies.
            var at = section.At + (4 * (dice.Below(3) == 0 ? dice.Below(Math.Min(section.Size / 4, 8)) : dice.Below(section.Size / 4)));
            Put(bytes, at, 4, dice.Below(4) switch
            {
                0 => dice.Below(64),
                1 => Word(bytes, at) + (8 * (dice.Below(9) - 4)),
                2 => Word(bytes, section.At + (4 * dice.Below(section.Size / 4))),
                _ => Number(dice, sections.Count),
            });
        }
    }

    static void ChangeInstruction(byte[] bytes, Dice dice, List<Section> sections)
    {
        var code = sections.Where(s => s.Type == 1 && (s.Flags & 4) != 0 && s.Size >= InstructionSize).ToList();
        if (code.Count == 0)
        {
            return;
        }

        var section = dice.Of(code);
        var count = section.Size / InstructionSize;

        // What takes two instructions must not begin at the last.
        var at = section.At + (InstructionSize * (dice.Below(3) == 0 ? count - 1 : dice.Below(count)));
        if (dice.Below(2) == 0)
        {
            bytes[at] = dice.Of(Opcodes);
        }
        else if (dice.Below(2) == 0)
        {
            bytes[at + 1] = (byte)(dice.Below(6) << 4 | dice.Below(11));
        }
        else
        {
            Put(bytes, at + 4, 4, dice.Below(2) == 0 ? dice.Below(16) - 8 : Number(dice, count));
        }
    }

    /// <summary>A section's bytes at the file's end, longer than they were: by a part of themselves.</summary>
    static byte[] Grow(byte[] bytes, Dice dice, List<Section> sections)
    {
        var filled = sections.Where(s => s.Size > 0).ToList();
        if (filled.Count == 0)
        {
            return bytes;
        }

        var section = dice.Of(filled);
        var unit = section.Type switch { 2 => SymbolSize, 9 => RelocationSize, _ => InstructionSize };
        var more = Math.Min(section.Size, unit * (1 + dice.Small(8)));
        var from = section.At + (dice.Below((section.Size - more) / unit + 1) * unit);
        var place = (bytes.Length + 7) / 8 * 8;
        var grown = new byte[place + section.Size + more];
        bytes.CopyTo(grown, 0);
        bytes.AsSpan(section.At, section.Size).CopyTo(grown.AsSpan(place));
        bytes.AsSpan(from, more).CopyTo(grown.AsSpan(place + section.Size));
        Put(grown, section.Head + 24, 8, place);
        Put(grown, section.Head + 32, 8, section.Size + more);
        return grown;
    }

    /// <summary>Where lengths and counts are compared, added and multiplied; mostly small ones.</summary>
    static long Number(Dice dice, int count) => dice.Below(10) switch
    {
        0 => 0,
        1 => dice.Below(count + 2),
        2 => dice.Below(8),
        3 => -1 - dice.Below(32),
        4 => uint.MaxValue - dice.Below(64),
        5 => int.MaxValue - dice.Below(8),
        6 => 1L << dice.Below(64),
        7 => 0xff00 + dice.Below(256),
        8 => 8 * dice.Below(512),
        _ => dice.Below(1 << 16),
    };

    static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    static long Field(byte[] bytes, int at, int size)
    {
        Span<byte> whole = stackalloc byte[8];
        bytes.AsSpan(at, size).CopyTo(whole);
        return BinaryPrimitives.ReadInt64LittleEndian(whole);
    }

    static void Put(byte[] bytes, int at, int size, long value)
    {
        Span<byte> whole = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(whole, value);
        whole[..size].CopyTo(bytes.AsSpan(at));
    }

    /// <param name="Head">Where its head begins.</param>
    /// <param name="At">Where its bytes begin.</param>
    sealed record Section(int Head, string Name, uint Type, long Flags, int At, int Size);
}
