using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>A program of an opened object; valid as long as that.</summary>
sealed unsafe class BpfProgram(nint handle)
{
    const int AllProcesses = -1;

    public string Name { get; } = Marshal.PtrToStringUTF8((nint)LibBpf.bpf_program__name(handle)) ?? "";

    /// <summary>It is loaded with the object.</summary>
    public bool IsWanted
    {
        get => LibBpf.bpf_program__autoload(handle);
        set => BpfObject.Check("bpf_program__set_autoload", LibBpf.bpf_program__set_autoload(handle, value));
    }

    public int Descriptor => LibBpf.bpf_program__fd(handle);

    /// <summary>
    /// Says its kind, before it is loaded: libbpf 1.1 knows <c>tc</c> and <c>xdp</c>, but not <c>tc/egress</c>, <c>tcx/ingress</c>, <c>xdp/name</c> and <c>xdp_name</c>, which other loaders take,
    /// nor kinds that came after Linux 6.1.
    /// </summary>
    public void Be(ProgramSpec spec)
    {
        const int mayWait = 1 << 4; // BPF_F_SLEEPABLE
        var type = spec.Hook.Kind switch
        {
            HookKind.TrafficControl or HookKind.Netkit => 3,
            HookKind.KprobeMulti or HookKind.UprobeMulti => 2,
            HookKind.Netfilter => 32,
            HookKind.SocketFilter => 1,
            HookKind.Xdp => 6,
            HookKind.PerfEvent => 7,
            HookKind.SocketOperations => 13,
            HookKind.SocketMap => AttachType.Of(spec) is AttachType.Messages ? 16 : 14,
            _ => 0,
        };
        if (type != 0 && (spec.Hook.Kind is HookKind.TrafficControl || LibBpf.bpf_program__type(handle) == 0))
        {
            BpfObject.Check("bpf_program__set_type", LibBpf.bpf_program__set_type(handle, type));
            if (AttachType.Of(spec) is { } expected)
            {
                // Without it the kernel makes no link of it.
                BpfObject.Check("bpf_program__set_expected_attach_type", LibBpf.bpf_program__set_expected_attach_type(handle, expected));
            }

            if (spec.Hook is { Kind: HookKind.UprobeMulti, IsSleepable: true })
            {
                BpfObject.Check("bpf_program__set_flags", LibBpf.bpf_program__set_flags(handle, mayWait));
            }
        }
    }

    /// <summary>Attaches it where its section says.</summary>
    /// <exception cref="LibBpfException">EOPNOTSUPP: that does not say enough; else the kernel refused.</exception>
    public BpfLink Attach() => Link("bpf_program__attach", LibBpf.bpf_program__attach(handle));

    /// <summary>Attaches it to what it was loaded for: a function or tracepoint that the kernel has types of.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachTraced() => Link("bpf_program__attach_trace", LibBpf.bpf_program__attach_trace(handle));

    /// <summary>The same of a security decision.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachDecision() => Link("bpf_program__attach_lsm", LibBpf.bpf_program__attach_lsm(handle));

    /// <summary>The same of an iterator over what the kernel has of a kind.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachIterator() => Link("bpf_program__attach_iter", LibBpf.bpf_program__attach_iter(handle, null));

    /// <summary>Says what it is for, before it is loaded, where its section does not: a function, tracepoint or decision that the kernel has types of.</summary>
    /// <exception cref="LibBpfException">ESRCH: there is none of that name.</exception>
    public void Aim(string name) => Aim(0, name);

    /// <summary>Says which function of another program it takes the place of, before it is loaded.</summary>
    /// <param name="other">That program: held until this one is loaded.</param>
    /// <param name="function">Its function.</param>
    /// <exception cref="LibBpfException">ENOENT: there is none of that name; EINVAL: the program has no types.</exception>
    public void Aim(SafeFileHandle other, string function) => Aim((int)other.DangerousGetHandle(), function);

    void Aim(int other, string name)
    {
        fixed (byte* named = BpfObject.Terminated(name))
        {
            BpfObject.Check("bpf_program__set_attach_target", LibBpf.bpf_program__set_attach_target(handle, other, named));
        }
    }

    /// <summary>Attaches it to a static place of the kernel.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachTracepoint(string category, string name)
    {
        fixed (byte* categoryName = BpfObject.Terminated(category), named = BpfObject.Terminated(name))
        {
            return Link("bpf_program__attach_tracepoint", LibBpf.bpf_program__attach_tracepoint(handle, categoryName, named));
        }
    }

    /// <summary>The same without what tracefs makes of it.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachRawTracepoint(string name)
    {
        fixed (byte* named = BpfObject.Terminated(name))
        {
            return Link("bpf_program__attach_raw_tracepoint", LibBpf.bpf_program__attach_raw_tracepoint(handle, named));
        }
    }

    /// <summary>Attaches it to a function of the kernel.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachKprobe(FunctionPlace place, bool isReturn)
    {
        var options = new KprobeOptions { Size = KprobeOptions.SizeInBytes, Offset = (nuint)place.Offset, IsReturn = Flag(isReturn) };
        fixed (byte* named = BpfObject.Terminated(place.KernelName))
        {
            return Link("bpf_program__attach_kprobe_opts", LibBpf.bpf_program__attach_kprobe_opts(handle, named, &options));
        }
    }

    /// <summary>Attaches it to all functions of the kernel whose names are like this.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachKprobes(string pattern, bool isReturn)
    {
        var options = new KprobeMultiOptions { Size = KprobeMultiOptions.SizeInBytes, IsReturn = Flag(isReturn) };
        fixed (byte* named = BpfObject.Terminated(pattern))
        {
            return Link("bpf_program__attach_kprobe_multi_opts", LibBpf.bpf_program__attach_kprobe_multi_opts(handle, named, &options));
        }
    }

    /// <summary>Attaches it to the function of a system call, whatever this machine calls it.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachSystemCall(string name, bool isReturn)
    {
        var options = new SystemCallOptions { Size = SystemCallOptions.SizeInBytes, IsReturn = Flag(isReturn) };
        fixed (byte* named = BpfObject.Terminated(name))
        {
            return Link("bpf_program__attach_ksyscall", LibBpf.bpf_program__attach_ksyscall(handle, named, &options));
        }
    }

    /// <summary>Attaches it to a function of a file, in all processes. libbpf looks for a file without a directory among libraries and programs.</summary>
    /// <exception cref="LibBpfException">There is no such file or function, or the kernel refused.</exception>
    public BpfLink AttachUprobe(FunctionPlace place, bool isReturn)
    {
        fixed (byte* path = BpfObject.Terminated(place.File), function = BpfObject.Terminated(place.Function))
        {
            var options = new UprobeOptions { Size = UprobeOptions.SizeInBytes, IsReturn = Flag(isReturn), Function = place.Function.Length > 0 ? function : null };
            return Link("bpf_program__attach_uprobe_opts", LibBpf.bpf_program__attach_uprobe_opts(handle, AllProcesses, path, (nuint)place.Offset, &options));
        }
    }

    /// <summary>Attaches it to a place that a file marks, in all processes.</summary>
    /// <exception cref="LibBpfException">There is no such file or mark, or the kernel refused.</exception>
    public BpfLink AttachMark(string file, string provider, string name)
    {
        fixed (byte* path = BpfObject.Terminated(file), provided = BpfObject.Terminated(provider), named = BpfObject.Terminated(name))
        {
            return Link("bpf_program__attach_usdt", LibBpf.bpf_program__attach_usdt(handle, AllProcesses, path, provided, named, 0));
        }
    }

    /// <summary>Attaches it to a counter or clock, which is the link's from then on.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachClock(SafeFileHandle clock)
    {
        var link = Link("bpf_program__attach_perf_event", LibBpf.bpf_program__attach_perf_event(handle, (int)clock.DangerousGetHandle()));
        clock.SetHandleAsInvalid();
        return link;
    }

    /// <summary>Has it walk over what is in a map, which the link holds from then on.</summary>
    /// <exception cref="LibBpfException">EINVAL: it is of a kind that cannot be walked; EACCES: the program reads more than there is.</exception>
    public BpfLink AttachMapIterator(int map)
    {
        var options = new IteratorOptions { Size = IteratorOptions.SizeInBytes, Target = &map, TargetSize = sizeof(int) };
        return Link("bpf_program__attach_iter", LibBpf.bpf_program__attach_iter(handle, &options));
    }

    /// <summary>Puts it before the sockets of a map, as long as the link is held (Linux 6.10).</summary>
    /// <exception cref="LibBpfException">EINVAL: the kernel has no such links, or it is no map of sockets; else it refused.</exception>
    public BpfLink AttachSockets(int map, int place)
    {
        var link = BpfObject.Check("bpf_link_create", LibBpf.bpf_link_create(Descriptor, map, place, 0));
        return BpfLink.OfDescriptor(new SafeFileHandle(link, ownsHandle: true));
    }

    /// <summary>The same, as long as the map is there.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachSocketsForGood(int map, int place)
    {
        BpfObject.Check("bpf_prog_attach", LibBpf.bpf_prog_attach(Descriptor, map, place, 0));
        return BpfLink.OfMap(Descriptor, map, place);
    }

    /// <summary>Attaches it to a network.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachNetwork(SafeFileHandle network) => Link("bpf_program__attach_netns", LibBpf.bpf_program__attach_netns(handle, network));

    /// <summary>Attaches it to a network interface, before the network stack sees a packet.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachXdp(int interfaceIndex) => Link("bpf_program__attach_xdp", LibBpf.bpf_program__attach_xdp(handle, interfaceIndex));

    /// <summary>Attaches it to a control group.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachCgroup(DirectoryHandle cgroup) => Link("bpf_program__attach_cgroup", LibBpf.bpf_program__attach_cgroup(handle, cgroup));

    /// <summary>Attaches it to a pair of netkit, by the interface that the pair was made with.</summary>
    /// <exception cref="LibBpfException">ENXIO: it is of another kind; EACCES: it is the peer; else the kernel refused.</exception>
    public BpfLink AttachNetkit(int interfaceIndex, int attachType) => AttachTo(interfaceIndex, attachType);

    /// <summary>Attaches it in traffic control (tcx, Linux 6.6), which libbpf 1.1 does not know by name.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachTrafficControl(int interfaceIndex, bool isEgress) => AttachTo(interfaceIndex, isEgress ? AttachType.Egress : AttachType.Ingress);

    BpfLink AttachTo(int interfaceIndex, int attachType) =>
        BpfLink.OfDescriptor(new SafeFileHandle(BpfObject.Check("bpf_link_create", LibBpf.bpf_link_create(Descriptor, interfaceIndex, attachType, 0)), ownsHandle: true));

    static byte Flag(bool value) => value ? (byte)1 : (byte)0;

    static BpfLink Link(string call, nint link) => link != 0 ? BpfLink.OfHandle(link) : throw BpfObject.Failed(call, Marshal.GetLastPInvokeError());
}
