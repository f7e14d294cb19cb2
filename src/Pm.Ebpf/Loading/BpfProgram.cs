using System.Runtime.InteropServices;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>A program of an opened object; valid as long as that.</summary>
sealed unsafe class BpfProgram(nint handle)
{
    public string Name { get; } = Marshal.PtrToStringUTF8((nint)LibBpf.bpf_program__name(handle)) ?? "";

    /// <summary>It is loaded with the object.</summary>
    public bool IsWanted
    {
        get => LibBpf.bpf_program__autoload(handle);
        set => BpfObject.Check("bpf_program__set_autoload", LibBpf.bpf_program__set_autoload(handle, value));
    }

    int Descriptor => LibBpf.bpf_program__fd(handle);

    /// <summary>
    /// Says its kind, before it is loaded: libbpf 1.1 knows <c>tc</c> and <c>xdp</c>, but not <c>tc/egress</c>, <c>tcx/ingress</c>, <c>xdp/name</c> and <c>xdp_name</c>, which other loaders take.
    /// </summary>
    public void Be(HookKind kind)
    {
        var type = kind switch
        {
            HookKind.TrafficControl => 3,
            HookKind.SocketFilter => 1,
            HookKind.Xdp => 6,
            HookKind.PerfEvent => 7,
            HookKind.SocketOperations => 13,
            _ => 0,
        };
        if (type != 0 && (kind is HookKind.TrafficControl || LibBpf.bpf_program__type(handle) == 0))
        {
            BpfObject.Check("bpf_program__set_type", LibBpf.bpf_program__set_type(handle, type));
            if (kind is HookKind.Xdp)
            {
                // Without it the kernel makes no link of it.
                const int atInterface = 37;
                BpfObject.Check("bpf_program__set_expected_attach_type", LibBpf.bpf_program__set_expected_attach_type(handle, atInterface));
            }
        }
    }

    /// <summary>Attaches it where its section says.</summary>
    /// <exception cref="LibBpfException">EOPNOTSUPP: that does not say enough; else the kernel refused.</exception>
    public BpfLink Attach() => Link("bpf_program__attach", LibBpf.bpf_program__attach(handle));

    /// <summary>Attaches it to a network interface, before the network stack sees a packet.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachXdp(int interfaceIndex) => Link("bpf_program__attach_xdp", LibBpf.bpf_program__attach_xdp(handle, interfaceIndex));

    /// <summary>Attaches it to a control group.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachCgroup(DirectoryHandle cgroup) => Link("bpf_program__attach_cgroup", LibBpf.bpf_program__attach_cgroup(handle, cgroup));

    /// <summary>Attaches it in traffic control (tcx, Linux 6.6), which libbpf 1.1 does not know by name.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public BpfLink AttachTrafficControl(int interfaceIndex, bool isEgress)
    {
        const int ingress = 46;
        return BpfLink.OfDescriptor(BpfObject.Check("bpf_link_create", LibBpf.bpf_link_create(Descriptor, interfaceIndex, isEgress ? ingress + 1 : ingress, 0)));
    }

    static BpfLink Link(string call, nint link) => link != 0 ? BpfLink.OfHandle(link) : throw BpfObject.Failed(call, Marshal.GetLastPInvokeError());
}
