namespace Pm.Ebpf.Loading;

/// <summary>What a program with types is for, by numbers: what libbpf would find in the types of the whole kernel.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Section">As libbpf reads it, without a <c>?</c> before it.</param>
/// <param name="ProgramType">bpf_prog_type of linux/bpf.h.</param>
/// <param name="AttachType">bpf_attach_type of linux/bpf.h.</param>
/// <param name="TypeId">Of the function or tracepoint, among the kernel's own types.</param>
/// <param name="IsSleepable">It may wait (<c>.s</c>).</param>
sealed record HookNumber(string Program, string Section, int ProgramType, int AttachType, int TypeId, bool IsSleepable);
