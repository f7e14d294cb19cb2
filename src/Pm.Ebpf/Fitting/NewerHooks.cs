using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>Hooks that not every kernel with eBPF has, and that its types tell of.</summary>
static class NewerHooks
{
    /// <summary>What a kernel lacks, and the function of it that has it. Source: kernel/trace/bpf_trace.c, drivers/net/netkit.c, net/netfilter/nf_bpf_link.c.</summary>
    static (string What, string Function, string Code)? Of(int type) => type switch
    {
        AttachType.FunctionSession => ("programs for both ends of functions (kprobe.session, Linux 6.10)", "bpf_kprobe_multi_link_attach", "PM8033"),
        AttachType.ManyFunctionsOfFile => ("programs for many functions of a file (uprobe.multi, Linux 6.6)", "bpf_uprobe_multi_link_attach", "PM8033"),
        AttachType.FileSession => ("programs for both ends of functions of a file (uprobe.session, Linux 6.13)", "bpf_uprobe_multi_link_attach", "PM8033"),
        AttachType.NetkitPrimary or AttachType.NetkitPeer => ("programs of netkit (CONFIG_NETKIT, Linux 6.7)", "netkit_link_attach", "PM8039"),
        AttachType.Netfilter => ("programs of netfilter (CONFIG_NETFILTER_BPF_LINK, Linux 6.4)", "bpf_nf_link_attach", "PM8039"),
        _ => null,
    };

    /// <summary>Whether the kernel's types have to be asked about a program.</summary>
    public static bool Concerns(ProgramSpec program) => AttachType.Of(program) is { } type && Of(type) is not null;

    /// <summary>Why a program finds no hook there; null where it does, and for all kinds that are older.</summary>
    public static FitFinding? Check(ProgramSpec program, KernelFacts kernel)
    {
        if (AttachType.Of(program) is not { } type || Of(type) is not var (what, function, code))
        {
            return null;
        }

        return kernel.HasValue("bpf_attach_type", "BPF_", type) is false || kernel.HasFunction(function) is false ? FitFinding.No(code, $"this kernel has no {what}")
            : kernel.Types is null ? FitFinding.Open(code, $"whether the kernel has {what} is not known")
            : null;
    }
}
