namespace Pm.Ebpf.Objects;

/// <summary>What a program's section says about where it is to be attached. Source: the table of section names in libbpf's documentation.</summary>
/// <param name="Kind">What makes the kernel run it.</param>
/// <param name="Target">Which of them: a function, <c>category/name</c> of a tracepoint, <c>path:function</c>; empty where the program's user says it.</param>
/// <param name="IsSleepable">It may wait (<c>.s</c>).</param>
/// <param name="IsOptional">It is not loaded unless asked for (<c>?</c>).</param>
public sealed record ProgramHook(HookKind Kind, string Target, bool IsSleepable = false, bool IsOptional = false)
{
    static readonly (string Prefix, HookKind Kind)[] Known =
    [
        ("tracepoint", HookKind.Tracepoint), ("tp", HookKind.Tracepoint),
        ("raw_tracepoint", HookKind.RawTracepoint), ("raw_tp", HookKind.RawTracepoint),
        ("raw_tracepoint.w", HookKind.RawTracepoint), ("raw_tp.w", HookKind.RawTracepoint),
        ("tp_btf", HookKind.TypedTracepoint),
        ("kprobe", HookKind.Kprobe), ("kretprobe", HookKind.Kretprobe),
        ("kprobe.multi", HookKind.KprobeMulti), ("kretprobe.multi", HookKind.KprobeMulti), ("kprobe.session", HookKind.KprobeMulti),
        ("ksyscall", HookKind.Ksyscall), ("kretsyscall", HookKind.Kretsyscall),
        ("uprobe", HookKind.Uprobe), ("uretprobe", HookKind.Uretprobe),
        ("uprobe.multi", HookKind.UprobeMulti), ("uretprobe.multi", HookKind.UprobeMulti), ("uprobe.session", HookKind.UprobeMulti),
        ("usdt", HookKind.Usdt),
        ("fentry", HookKind.Fentry), ("fexit", HookKind.Fexit), ("fmod_ret", HookKind.FmodRet), ("freplace", HookKind.Extension),
        ("lsm", HookKind.Lsm), ("lsm_cgroup", HookKind.LsmCgroup),
        ("iter", HookKind.Iterator),
        ("xdp", HookKind.Xdp), ("xdp.frags", HookKind.Xdp),
        ("tc", HookKind.TrafficControl), ("tcx", HookKind.TrafficControl), ("classifier", HookKind.TrafficControl), ("action", HookKind.TrafficControl),
        ("socket", HookKind.SocketFilter),
        ("cgroup", HookKind.Cgroup), ("cgroup_skb", HookKind.Cgroup),
        ("sockops", HookKind.SocketOperations),
        ("perf_event", HookKind.PerfEvent),
        ("struct_ops", HookKind.StructOperations), ("struct_ops.link", HookKind.StructOperations),
        ("syscall", HookKind.Syscall),
        ("sk_reuseport", HookKind.Other), ("sk_skb", HookKind.SocketMap), ("sk_msg", HookKind.SocketMap), ("sk_lookup", HookKind.NetworkNamespace),
        ("lwt_in", HookKind.Other), ("lwt_out", HookKind.Other), ("lwt_xmit", HookKind.Other), ("lwt_seg6local", HookKind.Other),
        ("lirc_mode2", HookKind.Other), ("flow_dissector", HookKind.NetworkNamespace), ("netfilter", HookKind.Netfilter), ("netkit", HookKind.Netkit),
    ];

    /// <summary>What libbpf before 1.0 took at the begin of any name, and other loaders take still: <c>xdp_stats1</c>, <c>classifier_in</c>.</summary>
    static readonly string[] Beginnings = ["xdp", "tc", "classifier", "action", "socket", "sockops", "perf_event"];

    /// <summary>Iterators over what is in one map, which no section names. Source: bpf_iter_link_info of linux/bpf.h.</summary>
    static readonly string[] OverMaps = ["bpf_map_elem", "bpf_sk_storage_map", "sockmap"];

    static readonly Dictionary<string, HookKind> ByPrefix = Known.ToDictionary(k => k.Prefix, k => k.Kind);

    /// <summary>Reads the name of a section.</summary>
    public static ProgramHook Parse(string section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var isOptional = section.StartsWith('?');
        var name = isOptional ? section[1..] : section;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var (prefix, target) = slash < 0 ? (name, "") : (name[..slash], name[(slash + 1)..]);
        var isSleepable = prefix.EndsWith(".s", StringComparison.Ordinal);
        return prefix is "iter" or "iter.s" && OverMaps.Contains(target) ? new ProgramHook(HookKind.MapIterator, "", isSleepable, isOptional)
            : prefix is "sk_skb" or "sk_msg" ? new ProgramHook(HookKind.SocketMap, "", IsOptional: isOptional)
            : ByPrefix.TryGetValue(isSleepable ? prefix[..^2] : prefix, out var kind)
            // The kernel has a struct with all of its functions or not at all, so libbpf 1.5 and later load them with it, whatever stands there.
            ? new ProgramHook(kind, target, isSleepable, isOptional && kind is not HookKind.StructOperations)
            : new ProgramHook(Begun(name), "", IsOptional: isOptional);
    }

    static HookKind Begun(string name) =>
        Array.Find(Beginnings, b => name.StartsWith(b, StringComparison.Ordinal) && name.Length > b.Length && (name[b.Length] is '_' or '-' || char.IsAsciiDigit(name[b.Length]))) is { } begin
            ? ByPrefix[begin] : HookKind.Unknown;
}
