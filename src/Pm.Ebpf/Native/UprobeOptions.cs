using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_uprobe_opts of libbpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = UprobeOptions.SizeInBytes)]
unsafe struct UprobeOptions
{
    internal const int SizeInBytes = 40;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(24)]
    public byte IsReturn;

    [FieldOffset(32)]
    public byte* Function;
}
