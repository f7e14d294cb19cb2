using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Loading;

/// <summary>A program at its hook. Disposing it detaches the program, unless it was pinned.</summary>
sealed unsafe class BpfLink : IDisposable
{
    readonly SafeFileHandle? _descriptor;
    nint _handle;

    BpfLink(nint handle, SafeFileHandle? descriptor) => (_handle, _descriptor) = (handle, descriptor);

    /// <summary>Of libbpf's.</summary>
    public static BpfLink OfHandle(nint handle) => new(handle, null);

    /// <summary>Of the kernel's, where libbpf has none.</summary>
    public static BpfLink OfDescriptor(int descriptor) => new(0, new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>Keeps the program at its hook for as long as the path is there.</summary>
    /// <exception cref="LibBpfException">There is no bpffs at that place, or something is there.</exception>
    public void Pin(string path)
    {
        fixed (byte* name = BpfObject.Terminated(path))
        {
            BpfObject.Check("bpf_link__pin", LibBpf.bpf_link__pin(_handle, name));
        }
    }

    public void Dispose()
    {
        _descriptor?.Dispose();
        if (_handle != 0)
        {
            _ = LibBpf.bpf_link__destroy(_handle);
            _handle = 0;
        }
    }
}
