namespace Pm.Ebpf.Objects;

/// <summary>What the kernel calls a way to attach programs, of those that have to be said when a program is loaded, or that libraries do not say. Source: bpf_attach_type of linux/bpf.h.</summary>
static class AttachType
{
    public const int Interface = 37; // BPF_XDP
    public const int ManyFunctions = 42; // BPF_TRACE_KPROBE_MULTI
    public const int Netfilter = 45; // BPF_NETFILTER
    public const int ManyFunctionsOfFile = 48; // BPF_TRACE_UPROBE_MULTI
    public const int NetkitPrimary = 54; // BPF_NETKIT_PRIMARY
    public const int NetkitPeer = 55; // BPF_NETKIT_PEER
    public const int FunctionSession = 56; // BPF_TRACE_KPROBE_SESSION
    public const int FileSession = 57; // BPF_TRACE_UPROBE_SESSION

    /// <summary>That of a program; null for kinds of which it need not be said, and where more than one will do.</summary>
    public static int? Of(ProgramSpec program)
    {
        var section = program.Section.TrimStart('?');
        var isSession = section.Split('/')[0].Contains(".session", StringComparison.Ordinal);
        return program.Hook.Kind switch
        {
            HookKind.Xdp => Interface,
            HookKind.KprobeMulti => isSession ? FunctionSession : ManyFunctions,
            HookKind.UprobeMulti => isSession ? FileSession : ManyFunctionsOfFile,
            HookKind.Netkit => section.EndsWith("/peer", StringComparison.Ordinal) ? NetkitPeer : NetkitPrimary,
            HookKind.Netfilter => Netfilter,
            _ => null,
        };
    }
}
