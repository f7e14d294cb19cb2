using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_kprobe_multi_opts of libbpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = KprobeMultiOptions.SizeInBytes)]
struct KprobeMultiOptions
{
    internal const int SizeInBytes = 48;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(40)]
    public byte IsReturn;
}
