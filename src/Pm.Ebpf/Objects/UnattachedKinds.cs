namespace Pm.Ebpf.Objects;

/// <summary>Programs that pm does not attach, whatever is said of them.</summary>
static class UnattachedKinds
{
    /// <summary>Why not; null for all others.</summary>
    public static string? WhyNot(ProgramSpec program) => program.Hook.Kind switch
    {
        HookKind.StructOperations => "it belongs in the place of one of the kernel's functions (struct_ops), where pm puts none",
        HookKind.Extension => "it belongs in the place of a function of another eBPF program (freplace), where pm puts none",
        HookKind.Syscall => "it waits to be called by a program of its author's, which pm is not",
        HookKind.Other => $"pm attaches no programs of `{program.Section.TrimStart('?').Split('/')[0]}`",
        _ => null,
    };
}
