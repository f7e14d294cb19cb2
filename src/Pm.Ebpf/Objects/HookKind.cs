namespace Pm.Ebpf.Objects;

/// <summary>What makes the kernel run a program.</summary>
public enum HookKind
{
    /// <summary>The section's name says nothing that is known.</summary>
    Unknown,

    /// <summary>A static place of the kernel; its context is what tracefs says.</summary>
    Tracepoint,

    /// <summary>The same without what tracefs makes of it.</summary>
    RawTracepoint,

    /// <summary>The same with types: <c>tp_btf</c>.</summary>
    TypedTracepoint,

    /// <summary>The begin of almost any function of the kernel.</summary>
    Kprobe,

    /// <summary>Its end.</summary>
    Kretprobe,

    /// <summary>Many at once.</summary>
    KprobeMulti,

    /// <summary>A system call's function, whatever this machine calls it.</summary>
    Ksyscall,

    /// <summary>Its end.</summary>
    Kretsyscall,

    /// <summary>A function of a program or library.</summary>
    Uprobe,

    /// <summary>Its end.</summary>
    Uretprobe,

    /// <summary>Many functions of a program or library at once.</summary>
    UprobeMulti,

    /// <summary>A place that a program marks.</summary>
    Usdt,

    /// <summary>The begin of a function of the kernel, with types, through a trampoline.</summary>
    Fentry,

    /// <summary>Its end.</summary>
    Fexit,

    /// <summary>What it returns may be changed.</summary>
    FmodRet,

    /// <summary>A security decision of the kernel.</summary>
    Lsm,

    /// <summary>The same for a control group.</summary>
    LsmCgroup,

    /// <summary>A function of another eBPF program.</summary>
    Extension,

    /// <summary>A walk over something that the kernel has many of.</summary>
    Iterator,

    /// <summary>A walk over all that is in one map, or what sockets keep by it.</summary>
    MapIterator,

    /// <summary>What is sent or received by the sockets that are in a map.</summary>
    SocketMap,

    /// <summary>A packet, before the network stack sees it.</summary>
    Xdp,

    /// <summary>A packet, in traffic control.</summary>
    TrafficControl,

    /// <summary>A packet, on its way between the two interfaces of a pair.</summary>
    Netkit,

    /// <summary>A packet, in netfilter.</summary>
    Netfilter,

    /// <summary>A packet, for a socket.</summary>
    SocketFilter,

    /// <summary>What a control group does.</summary>
    Cgroup,

    /// <summary>What a socket does.</summary>
    SocketOperations,

    /// <summary>A decision about packets or connections of a network: which socket a connection is for, what flow a packet belongs to.</summary>
    NetworkNamespace,

    /// <summary>A counter or clock that ran over.</summary>
    PerfEvent,

    /// <summary>A function in the place of one of the kernel's.</summary>
    StructOperations,

    /// <summary>Nothing: it is called.</summary>
    Syscall,

    /// <summary>One of the kernel's rarer places; the section's name says which.</summary>
    Other,
}
