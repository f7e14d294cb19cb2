using System.Collections.Immutable;

namespace Pm.Ebpf.Elf;

/// <summary>Reads the table of sections.</summary>
static class ElfSectionTable
{
    const int EntrySize = 64;

    public static ImmutableArray<ElfSection> Read(CheckedBytes file)
    {
        var (count, entrySize, names) = (file.Half(60), file.Half(58), file.Half(62));
        if (count is 0 or > ElfLimits.Sections || entrySize != EntrySize || names >= count)
        {
            throw file.Wrong($"table of sections: expected 1 to {ElfLimits.Sections} of {EntrySize} bytes with names in one of them, got {count} of {entrySize} with names in {names}");
        }

        var table = file.Part(file.Long(40), (ulong)count * EntrySize, "the table of sections");
        var text = Content(file, table, names);
        var sections = ImmutableArray.CreateBuilder<ElfSection>(count);
        var left = (long)file.Length;
        for (var i = 0; i < count; i++)
        {
            var section = Section(file, table, i, text);
            left -= section.Content.Length;
            if (left < 0)
            {
                // Else a small file would make its reader read one part thousands of times.
                throw file.Wrong($"section `{section.Name}` shares bytes with another");
            }

            sections.Add(section);
        }

        return sections.MoveToImmutable();
    }

    static ElfSection Section(CheckedBytes file, CheckedBytes table, int index, CheckedBytes names)
    {
        var at = index * EntrySize;
        var type = (ElfSectionType)table.Word(at + 4);
        var size = table.Long(at + 32);
        if (type is ElfSectionType.Zeroes && size > ElfLimits.EmptySection)
        {
            throw file.Wrong($"a section without content: at most {ElfLimits.EmptySection} bytes, got {size}");
        }

        var content = Content(file, table, index);
        return new ElfSection
        {
            Index = index,
            Name = index == 0 ? "" : names.String(table.Word(at), ElfLimits.SectionName, "the name of a section"),
            Type = type,
            Flags = table.Long(at + 8),
            Size = type is ElfSectionType.Zeroes ? (int)size : content.Length,
            Content = content.Memory,
            Link = table.Word(at + 40),
            Info = table.Word(at + 44),
        };
    }

    static CheckedBytes Content(CheckedBytes file, CheckedBytes table, int index)
    {
        var at = index * EntrySize;
        return (ElfSectionType)table.Word(at + 4) is ElfSectionType.None or ElfSectionType.Zeroes
            ? file.Part(0, 0, "a section")
            : file.Part(table.Long(at + 24), table.Long(at + 32), "a section");
    }
}
