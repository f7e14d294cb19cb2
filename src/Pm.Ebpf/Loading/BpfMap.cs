using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>A map of an opened object; valid as long as that.</summary>
sealed unsafe class BpfMap(nint handle)
{
    public string Name { get; } = Marshal.PtrToStringUTF8((nint)LibBpf.bpf_map__name(handle)) ?? "";

    public int Descriptor => LibBpf.bpf_map__fd(handle);

    /// <summary>It is found by its name below bpffs, and may be there when the object is not any more.</summary>
    public bool IsPinned => LibBpf.bpf_map__is_pinned(handle);

    /// <summary>It is a struct of operations.</summary>
    public bool IsOfOperations => (MapKind)LibBpf.bpf_map__type(handle) is MapKind.StructOperations;

    /// <summary>That of one that is loaded.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static MapKind KindOf(int map)
    {
        // struct bpf_map_info: type. Source: linux/bpf.h.
        uint type = 0;
        uint size = sizeof(uint);
        BpfObject.Check("bpf_obj_get_info_by_fd", LibBpf.bpf_obj_get_info_by_fd(map, &type, &size));
        return (MapKind)type;
    }

    /// <summary>Whether a map of sockets has a program in that place; false also where the kernel does not say it (before Linux 5.17).</summary>
    public static bool HasProgram(int map, int place)
    {
        uint flags = 0;
        uint count = 0;
        return LibBpf.bpf_prog_query(map, place, 0, &flags, null, &count) == 0 && count > 0;
    }

    /// <summary>The bytes of a section's variables: to be changed before the object is loaded, constants not after.</summary>
    public Span<byte> InitialValue
    {
        get
        {
            nuint size;
            var bytes = LibBpf.bpf_map__initial_value(handle, &size);
            return bytes is null ? default : new Span<byte>(bytes, (int)size);
        }
    }

    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public void Resize(uint entries) => BpfObject.Check("bpf_map__set_max_entries", LibBpf.bpf_map__set_max_entries(handle, entries));

    /// <summary>It is made when the object is loaded.</summary>
    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public bool IsWanted
    {
        set => BpfObject.Check("bpf_map__set_autocreate", LibBpf.bpf_map__set_autocreate(handle, value));
    }

    /// <summary>Of a struct of operations, before it is loaded: whether a link is to hold it. Source: BPF_F_LINK of linux/bpf.h.</summary>
    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public void HoldByLink(bool isHeld)
    {
        const uint link = 1 << 13;
        var flags = LibBpf.bpf_map__map_flags(handle);
        BpfObject.Check("bpf_map__set_map_flags", LibBpf.bpf_map__set_map_flags(handle, isHeld ? flags | link : flags & ~link));
    }

    /// <summary>Has the kernel call the programs of a struct of operations, as long as the link is held.</summary>
    /// <exception cref="LibBpfException">EEXIST: there is one of that name; else the kernel does not take it.</exception>
    public BpfLink Register()
    {
        var made = Fill();
        if (LibBpf.bpf_link__fd(made) != Descriptor)
        {
            return BpfLink.OfHandle(made);
        }

        // libbpf before 1.2 knows no link of it.
        Release(made);
        var link = BpfObject.Check("bpf_link_create", LibBpf.bpf_link_create(Descriptor, 0, AttachType.Operations, 0));
        return BpfLink.OfDescriptor(new SafeFileHandle(link, ownsHandle: true));
    }

    /// <summary>The same until <see cref="Unregister"/>, whether somebody holds it or not.</summary>
    /// <exception cref="LibBpfException">EEXIST: there is one of that name; else the kernel does not take it.</exception>
    public void RegisterForGood() => Release(Fill());

    /// <summary>Takes back what was registered for good; where it was not, that is no error.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static void Unregister(int map)
    {
        uint only = 0;
        var result = LibBpf.bpf_map_delete_elem(map, &only);
        if (-result is not (Errno.ENOENT or Errno.EINPROGRESS))
        {
            BpfObject.Check("bpf_map_delete_elem", result);
        }
    }

    nint Fill() => LibBpf.bpf_map__attach_struct_ops(handle) is not 0 and var made ? made : throw BpfObject.Failed("bpf_map__attach_struct_ops", Marshal.GetLastPInvokeError());

    static void Release(nint link)
    {
        LibBpf.bpf_link__disconnect(link);
        _ = LibBpf.bpf_link__destroy(link);
    }

    /// <summary>Says how many bytes keys and values have.</summary>
    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public void SetSizes(uint key, uint value)
    {
        BpfObject.Check("bpf_map__set_key_size", LibBpf.bpf_map__set_key_size(handle, key));
        SetValueSize(value);
    }

    /// <summary>Says how many bytes a value has.</summary>
    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public void SetValueSize(uint bytes) => BpfObject.Check("bpf_map__set_value_size", LibBpf.bpf_map__set_value_size(handle, bytes));
}
