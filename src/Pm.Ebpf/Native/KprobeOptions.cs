using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_kprobe_opts of libbpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = KprobeOptions.SizeInBytes)]
struct KprobeOptions
{
    internal const int SizeInBytes = 32;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(16)]
    public nuint Offset;

    [FieldOffset(24)]
    public byte IsReturn;
}
