using Pm.Ebpf.Native;

namespace Pm.Ebpf.Loading;

/// <summary>What the kernel says of a loaded program.</summary>
static unsafe class ProgramFacts
{
    /// <summary>The kernel's number of it, which no other has until the machine starts again.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static uint IdOf(int descriptor)
    {
        // struct bpf_prog_info: type, id. Source: linux/bpf.h.
        var info = stackalloc uint[2];
        uint size = 2 * sizeof(uint);
        BpfObject.Check("bpf_obj_get_info_by_fd", LibBpf.bpf_obj_get_info_by_fd(descriptor, info, &size));
        return info[1];
    }
}
