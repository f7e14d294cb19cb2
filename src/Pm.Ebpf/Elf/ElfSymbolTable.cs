using System.Collections.Immutable;

namespace Pm.Ebpf.Elf;

/// <summary>Reads the table of symbols.</summary>
static class ElfSymbolTable
{
    const int EntrySize = 24;

    public static ImmutableArray<ElfSymbol> Read(CheckedBytes file, ImmutableArray<ElfSection> sections)
    {
        if (sections.FirstOrDefault(s => s.Type is ElfSectionType.Symbols) is not { } section)
        {
            return [];
        }

        var count = section.Content.Length / EntrySize;
        if (section.Content.Length % EntrySize != 0 || count > ElfLimits.Symbols || section.Link >= (uint)sections.Length)
        {
            throw file.Wrong($"table of symbols: expected at most {ElfLimits.Symbols} of {EntrySize} bytes, got {section.Content.Length} bytes");
        }

        var table = file.With(section.Content);
        var names = file.With(sections[(int)section.Link].Content);
        var symbols = ImmutableArray.CreateBuilder<ElfSymbol>(count);
        for (var at = 0; at < table.Length; at += EntrySize)
        {
            var info = table.Byte(at + 4);
            var name = table.Word(at);
            symbols.Add(new ElfSymbol(
                name == 0 ? "" : names.String(name, ElfLimits.SymbolName, "the name of a symbol"),
                (ElfSymbolKind)(info & 0xf), (ElfBinding)(info >> 4), table.Half(at + 6), table.Long(at + 8), table.Long(at + 16))
            {
                IsHidden = (table.Byte(at + 5) & 3) is 1 or 2,
            });
        }

        return symbols.MoveToImmutable();
    }
}
