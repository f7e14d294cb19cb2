namespace Pm.Ebpf.Eunomia;

/// <summary>Which members of an event hold a stack; each null where none does.</summary>
public sealed record EunomiaStackFields
{
    public string? Pid { get; init; }

    public string? Cpu { get; init; }

    public string? Command { get; init; }

    /// <summary>Bytes of the kernel's part; negative where there is none.</summary>
    public string? KernelSize { get; init; }

    public string? UserSize { get; init; }

    public string? KernelStack { get; init; }

    public string? UserStack { get; init; }

    /// <summary>Addresses are shown by name.</summary>
    public bool HasSymbols { get; init; } = true;
}
