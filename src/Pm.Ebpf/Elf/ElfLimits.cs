namespace Pm.Ebpf.Elf;

/// <summary>What an eBPF object may demand of its reader.</summary>
public static class ElfLimits
{
    /// <summary>Bytes of a file; the largest of those in use have some hundred kilobytes.</summary>
    public const int Size = 64 << 20;

    public const int Sections = 4096;

    public const int Symbols = 65_536;

    public const int Relocations = 1 << 20;

    /// <summary>Bytes of a section's name, which may hold a path: PATH_MAX, and a function in it.</summary>
    public const int SectionName = 4096 + 512;

    /// <summary>Bytes of a symbol's name. Source: KSYM_NAME_LEN of Linux.</summary>
    public const int SymbolName = 512;

    /// <summary>Bytes that a section without content may ask for: what the kernel maps for <c>.bss</c>.</summary>
    public const int EmptySection = 1 << 30;
}
