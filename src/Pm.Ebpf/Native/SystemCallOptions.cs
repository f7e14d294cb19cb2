using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_ksyscall_opts of libbpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = SystemCallOptions.SizeInBytes)]
struct SystemCallOptions
{
    internal const int SizeInBytes = 24;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(16)]
    public byte IsReturn;
}
