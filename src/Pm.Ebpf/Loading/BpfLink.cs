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

    /// <summary>Of the kernel's, where libbpf has none: a link, or a socket that the program looks through.</summary>
    public static BpfLink OfDescriptor(SafeFileHandle descriptor) => new(0, descriptor);

    /// <summary>Of the link itself: what holds it holds the program at its hook.</summary>
    public int Descriptor => _descriptor is null ? LibBpf.bpf_link__fd(_handle) : (int)_descriptor.DangerousGetHandle();

    /// <summary>Lets go of it without taking the program from its hook: something else holds it now.</summary>
    public void Leave()
    {
        if (_handle != 0)
        {
            LibBpf.bpf_link__disconnect(_handle);
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
