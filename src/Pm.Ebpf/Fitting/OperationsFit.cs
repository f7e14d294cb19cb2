using Pm.Ebpf.Btf;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a kernel calls programs in a struct of its functions. Source: kernel/bpf/bpf_struct_ops.c.</summary>
static class OperationsFit
{
    /// <summary>What the kernel wraps such a struct in, where programs may stand in it. Source: BPF_STRUCT_OPS_VALUE_PREFIX of Linux.</summary>
    public const string Wrapped = "bpf_struct_ops_";

    /// <summary>Nothing for programs of other kinds.</summary>
    public static IEnumerable<FitFinding> Check(BpfSpec spec, ProgramSpec program, KernelFacts kernel)
    {
        if (program.Hook.Kind is not HookKind.StructOperations)
        {
            return [];
        }

        var all = spec.OperationsByProgram[program.Name].ToList();
        return all.Count == 0 ? [FitFinding.No("PM8039", "it stands in no struct of operations (`SEC(\".struct_ops\")`)")]
            : kernel.Types is null ? []
            : all.SelectMany(o => Check(o, program, kernel));
    }

    /// <summary>Whether the kernel that has these types has links of them (Linux 6.4).</summary>
    public static bool HasLinks(BtfFile? types) => types?.Find(BtfKind.Struct, "bpf_struct_ops_link") is not null;

    /// <summary>Whether programs may stand in such a struct there.</summary>
    public static bool Has(KernelFacts kernel, OperationsSpec operations) =>
        kernel.Find(BtfKind.Struct, Wrapped + operations.Type) is not null && kernel.Find(BtfKind.Struct, operations.Type) is not null;

    static IEnumerable<FitFinding> Check(OperationsSpec operations, ProgramSpec program, KernelFacts kernel)
    {
        if (!Has(kernel, operations) || kernel.Find(BtfKind.Struct, operations.Type) is not { } type)
        {
            return [new FitFinding(kernel.Absence, "PM8034", $"this kernel has no struct `{operations.Type}` that programs may stand in (struct_ops){kernel.AbsenceNote}")];
        }

        return operations.Programs.Where(p => p.Value == program.Name && !type.Members.Any(m => m.Name == p.Key))
            .Select(p => FitFinding.No("PM8034", $"struct `{operations.Type}` of this kernel has no function `{p.Key}`"));
    }
}
