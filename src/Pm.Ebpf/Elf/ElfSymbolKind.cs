namespace Pm.Ebpf.Elf;

/// <summary>What a symbol names. Source: elf(5), <c>STT_</c>.</summary>
public enum ElfSymbolKind : byte
{
    None = 0,
    Variable = 1,
    Function = 2,
    Section = 3,
    File = 4,
}
