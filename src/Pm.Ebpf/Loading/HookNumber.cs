using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>What a program with types is for, by numbers: what libbpf would find in the types of the whole kernel.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Section">As libbpf reads it, without a <c>?</c> before it.</param>
/// <param name="ProgramType">bpf_prog_type of linux/bpf.h.</param>
/// <param name="AttachType">bpf_attach_type of linux/bpf.h.</param>
/// <param name="TypeId">Of the function or tracepoint, among the kernel's own types.</param>
/// <param name="IsSleepable">It may wait (<c>.s</c>).</param>
sealed record HookNumber(string Program, string Section, int ProgramType, int AttachType, int TypeId, bool IsSleepable)
{
    const int Operations = 27; // BPF_PROG_TYPE_STRUCT_OPS

    /// <summary>It is a function of a struct, which libbpf finds itself; that it may wait, libbpf 1.1 does not know.</summary>
    public bool IsOperation => ProgramType is Operations;

    /// <summary>Programs of <c>struct_ops.s</c>.</summary>
    public static IEnumerable<HookNumber> OfWaitingOperations(BpfSpec spec) =>
        spec.Programs.Where(p => p.Hook is { Kind: HookKind.StructOperations, IsSleepable: true }).Select(p => new HookNumber(p.Name, p.Section.TrimStart('?'), Operations, 0, 0, IsSleepable: true));
}
