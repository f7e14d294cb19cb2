using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_iter_attach_opts of libbpf.h: what is walked over, as bpf_iter_link_info of linux/bpf.h begins with the descriptor of a map.</summary>
[StructLayout(LayoutKind.Explicit, Size = IteratorOptions.SizeInBytes)]
unsafe struct IteratorOptions
{
    internal const int SizeInBytes = 24;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(8)]
    public int* Target;

    [FieldOffset(16)]
    public uint TargetSize;
}
