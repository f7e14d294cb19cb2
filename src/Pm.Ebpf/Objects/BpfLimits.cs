namespace Pm.Ebpf.Objects;

/// <summary>What a program may have.</summary>
public static class BpfLimits
{
    /// <summary>Instructions of all code together. Source: BPF_COMPLEXITY_LIMIT_INSNS of Linux, for one program.</summary>
    public const int Instructions = 1_000_000;

    public const int Maps = 4096;

    /// <summary>Structs of functions for the kernel.</summary>
    public const int Operations = 256;

    public const int Globals = 16_384;

    /// <summary>Bytes of a licence's name.</summary>
    public const int Licence = 128;
}
