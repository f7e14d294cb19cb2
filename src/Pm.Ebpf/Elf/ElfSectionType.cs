namespace Pm.Ebpf.Elf;

/// <summary>What a section holds. Source: elf(5), <c>sh_type</c>.</summary>
public enum ElfSectionType : uint
{
    None = 0,
    Content = 1,
    Symbols = 2,
    Strings = 3,
    RelocationsWithAddends = 4,

    /// <summary>Takes memory but no bytes of the file: <c>.bss</c>.</summary>
    Zeroes = 8,
    Relocations = 9,
}
