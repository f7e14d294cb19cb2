using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;
using Pm.Ebpf.Pinning;

namespace Pm.Ebpf.Loading;

/// <summary>A program at its hook. Disposing it detaches the program, unless it was pinned.</summary>
sealed unsafe class BpfLink : IDisposable
{
    readonly SafeFileHandle? _descriptor;
    readonly int _held;
    readonly BpfLink? _shared;
    (int Map, int Place)? _sockets;
    nint _handle;

    BpfLink(nint handle, SafeFileHandle? descriptor) => (_handle, _descriptor) = (handle, descriptor);

    BpfLink(int program, int map, int place) => (_held, _sockets) = (program, (map, place));

    BpfLink(BpfLink shared) => _shared = shared;

    BpfLink(WrittenDown written, int held) => (Written, _held) = (written, held);

    /// <summary>Of libbpf's.</summary>
    public static BpfLink OfHandle(nint handle) => new(handle, null);

    /// <summary>Of the kernel's, where libbpf has none: a link, or a socket that the program looks through.</summary>
    public static BpfLink OfDescriptor(SafeFileHandle descriptor) => new(0, descriptor);

    /// <summary>Of several programs that are at their hooks together, or not at all: what another has, which ends it.</summary>
    public static BpfLink SharedWith(BpfLink other) => new(other);

    /// <summary>No link at all: what nothing has to hold, and its program or map.</summary>
    public static BpfLink OfWritten(WrittenDown written, int held) => new(written, held);

    /// <summary>No link at all: a map of sockets, which has the program until either is told otherwise.</summary>
    public static BpfLink OfMap(int program, int map, int place) => new(program, map, place);

    /// <summary>Null for all that are held.</summary>
    public WrittenDown? Written { get; }

    /// <summary>Of the link itself: what holds it holds the program at its hook. Where there is none: that of the program or map.</summary>
    public int Descriptor => _shared?.Descriptor ?? (_held != 0 ? _held : _descriptor is null ? LibBpf.bpf_link__fd(_handle) : (int)_descriptor.DangerousGetHandle());

    /// <summary>Lets go of it without taking the program from its hook: something else holds it now.</summary>
    public void Leave()
    {
        if (_handle != 0)
        {
            LibBpf.bpf_link__disconnect(_handle);
        }

        _sockets = null;
    }

    public void Dispose()
    {
        _descriptor?.Dispose();
        Written?.Dispose();
        if (_sockets is var (map, place))
        {
            _ = LibBpf.bpf_prog_detach2(_held, map, place);
            _sockets = null;
        }

        if (_handle != 0)
        {
            _ = LibBpf.bpf_link__destroy(_handle);
            _handle = 0;
        }
    }
}
