using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Loading;

/// <summary>A map of an opened object; valid as long as that.</summary>
sealed unsafe class BpfMap(nint handle)
{
    public string Name { get; } = Marshal.PtrToStringUTF8((nint)LibBpf.bpf_map__name(handle)) ?? "";

    /// <summary>One that another program pinned.</summary>
    /// <exception cref="LibBpfException">ENOENT: there is none.</exception>
    public static SafeFileHandle OpenPinned(string path)
    {
        fixed (byte* terminated = BpfObject.Terminated(path))
        {
            return new SafeFileHandle(BpfObject.Check("bpf_obj_get", LibBpf.bpf_obj_get(terminated)), ownsHandle: true);
        }
    }

    public int Descriptor => LibBpf.bpf_map__fd(handle);

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

    /// <summary>Says how many bytes a value has.</summary>
    /// <exception cref="LibBpfException">It is loaded already.</exception>
    public void SetValueSize(uint bytes) => BpfObject.Check("bpf_map__set_value_size", LibBpf.bpf_map__set_value_size(handle, bytes));
}
