namespace Pm.Ebpf.Objects;

/// <summary>What the kernel calls a way to attach programs, of those that have to be said when a program is loaded, or that libraries do not say. Source: bpf_attach_type of linux/bpf.h.</summary>
static class AttachType
{
    public const int StreamParser = 4; // BPF_SK_SKB_STREAM_PARSER
    public const int StreamVerdict = 5; // BPF_SK_SKB_STREAM_VERDICT
    public const int Messages = 7; // BPF_SK_MSG_VERDICT
    public const int Interface = 37; // BPF_XDP
    public const int Verdict = 38; // BPF_SK_SKB_VERDICT
    public const int ManyFunctions = 42; // BPF_TRACE_KPROBE_MULTI
    public const int Operations = 44; // BPF_STRUCT_OPS
    public const int Netfilter = 45; // BPF_NETFILTER
    public const int Ingress = 46; // BPF_TCX_INGRESS
    public const int Egress = 47; // BPF_TCX_EGRESS
    public const int ManyFunctionsOfFile = 48; // BPF_TRACE_UPROBE_MULTI
    public const int NetkitPrimary = 54; // BPF_NETKIT_PRIMARY
    public const int NetkitPeer = 55; // BPF_NETKIT_PEER
    public const int FunctionSession = 56; // BPF_TRACE_KPROBE_SESSION
    public const int FileSession = 57; // BPF_TRACE_UPROBE_SESSION

    /// <summary>That of a program; null for kinds of which it need not be said, and where its section does not say it.</summary>
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
            HookKind.SocketMap => section.Split('/') switch
            {
                ["sk_msg", ..] => Messages,
                ["sk_skb", "stream_parser", ..] => StreamParser,
                ["sk_skb", "stream_verdict", ..] => StreamVerdict,
                ["sk_skb", "verdict", ..] => Verdict,
                _ => null,
            },
            _ => null,
        };
    }
}
