using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Pm.Ebpf.Elf;

/// <summary>An eBPF object as a compiler writes it: ELF, 64 bits, little-endian, relocatable. Nothing is read outside the file's bounds. Source: elf(5).</summary>
public sealed class ElfObject
{
    /// <summary>EM_BPF.</summary>
    const ushort Machine = 247;

    /// <summary>Of these an object has one at most.</summary>
    static readonly string[] Single = [".BTF", ".BTF.ext", ".maps", "maps", "license", "version", ".struct_ops", ".struct_ops.link", ".pm.notes", ".symtab", ".strtab", ".text"];

    /// <summary>These say something by their bytes. libbpf goes by the name of some, whatever they are.</summary>
    static readonly string[] Filled = [".BTF", ".BTF.ext", ".maps", "license", "version", ".struct_ops", ".struct_ops.link"];

    readonly ImmutableArray<ElfSection> _sections;
    readonly Dictionary<string, ElfSection> _byName = [];
    readonly ILookup<uint, ElfSection> _relocating;
    readonly CheckedBytes _file;

    ElfObject(CheckedBytes file, string where)
    {
        (_file, Where) = (file, where);
        _sections = ElfSectionTable.Read(file);
        foreach (var section in _sections)
        {
            if (!_byName.TryAdd(section.Name, section) && Single.Contains(section.Name))
            {
                // libbpf would take the last, and what was looked at is the first.
                throw file.Wrong($"there are two sections `{section.Name}`");
            }

            if (section.Type is not ElfSectionType.Content && Filled.Contains(section.Name))
            {
                throw file.Wrong($"section `{section.Name}` should be of type {(uint)ElfSectionType.Content}, got {(uint)section.Type}");
            }
        }

        _relocating = _sections
            .Where(s => s.Type is ElfSectionType.Relocations or ElfSectionType.RelocationsWithAddends)
            .ToLookup(s => s.Info);
        Symbols = ElfSymbolTable.Read(file, _sections);
    }

    /// <summary>The file, for messages.</summary>
    public string Where { get; }

    /// <summary>As they stand in the file; the first, of index 0, is none.</summary>
    public ImmutableArray<ElfSection> Sections => _sections;

    /// <summary>As they stand in the file; the first, of index 0, is none.</summary>
    public ImmutableArray<ElfSymbol> Symbols { get; }

    /// <summary>Whether a file that begins with <paramref name="head"/> is an eBPF object of this byte order; 20 bytes suffice.</summary>
    public static bool IsOne(ReadOnlySpan<byte> head) =>
        head.Length >= 20 && head.StartsWith("\u007fELF"u8) && head[4] == 2 && head[5] == 1 && BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) == Machine;

    /// <exception cref="EbpfFormatException">PM8020: it is none, or breaks a rule of the format.</exception>
    public static ElfObject Parse(ReadOnlyMemory<byte> bytes, string where)
    {
        var file = new CheckedBytes(bytes, "PM8020", where);
        if (bytes.Length > ElfLimits.Size)
        {
            throw file.Wrong($"an eBPF object: at most {ElfLimits.Size} bytes, got {bytes.Length}");
        }

        var head = bytes.Span;
        if (!head.StartsWith("\u007fELF"u8))
        {
            throw file.Wrong("not an eBPF object: it does not begin as an ELF file does");
        }

        if (file.Byte(4) != 2 || file.Byte(5) != 1)
        {
            throw file.Wrong("not an eBPF object that runs here: expected ELF of 64 bits and little-endian");
        }

        return file.Half(18) is Machine
            ? new ElfObject(file, where)
            : throw file.Wrong($"not an eBPF object: it is for machine {file.Half(18)}, and eBPF is {Machine}");
    }

    /// <summary>The first section of that name.</summary>
    public ElfSection? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What in <paramref name="section"/> depends on symbols, as it stands in the file.</summary>
    /// <exception cref="EbpfFormatException">PM8020: a table is not whole, or names a symbol that is not there.</exception>
    public ImmutableArray<ElfRelocation> RelocationsOf(ElfSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var all = ImmutableArray.CreateBuilder<ElfRelocation>();
        foreach (var table in _relocating[(uint)section.Index])
        {
            Read(table, section, all);
        }

        return all.DrainToImmutable();
    }

    void Read(ElfSection table, ElfSection section, ImmutableArray<ElfRelocation>.Builder all)
    {
        var size = table.Type is ElfSectionType.Relocations ? 16 : 24;
        if (table.Content.Length % size != 0 || table.Content.Length / size > ElfLimits.Relocations)
        {
            throw _file.Wrong($"relocations: expected at most {ElfLimits.Relocations} entries of {size} bytes, got {table.Content.Length} bytes");
        }

        var bytes = table.Content.Span;
        for (var at = 0; at < bytes.Length; at += size)
        {
            var symbol = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 12)..]);
            if (symbol >= (uint)Symbols.Length)
            {
                throw _file.Wrong($"a relocation names symbol {symbol} of {Symbols.Length}");
            }

            // Source: bpf_object__collect_prog_relos of libbpf.
            if (section.IsCode && Symbols[(int)symbol].Section >= _sections.Length)
            {
                throw _file.Wrong($"a relocation of section `{section.Name}` names symbol {symbol}, which lies in section {Symbols[(int)symbol].Section} of {_sections.Length}");
            }

            all.Add(new ElfRelocation(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 8)..]), (int)symbol));
        }
    }
}
