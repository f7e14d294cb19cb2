using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Probing;

/// <summary>A kind of program that can be tried.</summary>
/// <param name="Name">As sections call it.</param>
/// <param name="Type">Source: bpf_prog_type of Linux.</param>
/// <param name="AttachType">Source: bpf_attach_type of Linux; 0 where none has to be said.</param>
/// <param name="Target">The name of what it is for, among the kernel's types; null for none.</param>
/// <param name="Flags">Source: BPF_F_SLEEPABLE of Linux.</param>
/// <param name="Member">Which function of a struct it stands for; null for none.</param>
public sealed record TrialKind(string Name, int Type, int AttachType = 0, string? Target = null, uint Flags = 0, string? Member = null)
{
    /// <summary>It takes the place of a function in another program, so there has to be one. Source: BPF_PROG_TYPE_EXT of Linux.</summary>
    internal const int ExtensionType = 28;

    const int StructOperationsType = 27;

    public static readonly TrialKind TypedTracepoint = new("tp_btf", 26, 23, "sched_process_exec");
    public static readonly TrialKind Fentry = new("fentry", 26, 24, "vfs_open");

    const string TracepointType = "btf_trace_";

    /// <summary>The type of the kernel that it is for, as its attach type has it; null for none. Source: btf_get_kernel_prefix_kind of libbpf.</summary>
    internal (BtfKind Kind, string Name)? TargetType => Target is null ? null : AttachType switch
    {
        _ when Type == StructOperationsType => (BtfKind.Struct, Target),
        23 => (BtfKind.Typedef, TracepointType + Target),
        27 or 43 => (BtfKind.Function, "bpf_lsm_" + Target),
        28 => (BtfKind.Function, "bpf_iter_" + Target),
        _ => (BtfKind.Function, Target),
    };

    /// <summary>Those that are asked of a kernel. What loads may still find no hook: kprobes need what the kernel says of its event sources.</summary>
    public static IReadOnlyList<TrialKind> All { get; } =
    [
        new("tracepoint", 5),
        new("raw_tp", 17),
        new("raw_tp.w", 24),
        TypedTracepoint,
        new("kprobe", 2),
        Fentry,
        new("fexit", 26, 25, "vfs_open"),
        new("fmod_ret", 26, 26, "security_file_open"),
        new("lsm", 29, 27, "file_open"),
        new("lsm_cgroup", 29, 43, "socket_connect"),
        new("iter", 26, 28, "task"),
        new("perf_event", 7),
        new("xdp", 6),
        new("tc", 3),
        new("action", 4),
        new("socket", 1),
        new("cgroup_skb", 8),
        new("cgroup", 18, 10),
        new("cgroup/sock", 9, 2),
        new("cgroup/dev", 15, 6),
        new("cgroup/sysctl", 23, 18),
        new("cgroup/getsockopt", 25, 21),
        new("cgroup/setsockopt", 25, 22),
        new("flow_dissector", 22, 17),
        new("netfilter", 32, 45),
        new("sock_ops", 13),
        new("sk_lookup", 30, 36),
        new("sk_skb", 14),
        new("sk_msg", 16),
        new("sk_reuseport", 21, 39),
        new("lwt_in", 10),
        new("lwt_out", 11),
        new("lwt_xmit", 12),
        new("lwt_seg6local", 19),
        new("lirc_mode2", 20),
        new("struct_ops", StructOperationsType, Target: "tcp_congestion_ops", Member: "ssthresh"),
        new("freplace", ExtensionType),
        new("syscall", 31, Flags: 1 << 4),
    ];
}
