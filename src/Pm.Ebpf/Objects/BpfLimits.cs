namespace Pm.Ebpf.Objects;

/// <summary>What a program may have.</summary>
public static class BpfLimits
{
    /// <summary>Instructions of all code together. Source: BPF_COMPLEXITY_LIMIT_INSNS of Linux, for one program.</summary>
    public const int Instructions = 1_000_000;

    /// <summary>Functions of <c>.text</c>. libbpf goes from each to those that it calls on the stack (bpf_object__reloc_code); the kernel takes 256 in one program.</summary>
    public const int Functions = 4096;

    /// <summary>Instructions, relocations and lines of <c>.text</c>, of which libbpf makes a copy for each program: up to 32 bytes each.</summary>
    public const int Copied = 8 << 20;

    public const int Maps = 4096;

    /// <summary>Structs of functions for the kernel.</summary>
    public const int Operations = 256;

    public const int Globals = 16_384;

    /// <summary>Variables of all sections times symbols: libbpf looks for each variable among all symbols (find_elf_var_sym), a hundred million of them in a second.</summary>
    public const long Compared = 1 << 27;

    /// <summary>Bytes of all variables of <c>.kconfig</c>: lines of the kernel's configuration.</summary>
    public const int Configuration = 1 << 20;

    /// <summary>Bytes of a licence's name.</summary>
    public const int Licence = 128;
}
