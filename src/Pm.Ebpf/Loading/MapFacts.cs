using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>What the kernel says of a loaded map.</summary>
readonly unsafe record struct MapFacts(MapKind Kind, uint KeySize, uint ValueSize, uint Entries)
{
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static MapFacts Of(int descriptor)
    {
        // struct bpf_map_info: type, id, key size, value size, entries. Source: linux/bpf.h.
        var info = stackalloc uint[64];
        uint size = 64 * sizeof(uint);
        BpfObject.Check("bpf_obj_get_info_by_fd", LibBpf.bpf_obj_get_info_by_fd(descriptor, info, &size));
        return new MapFacts((MapKind)info[0], info[2], info[3], info[4]);
    }
}
