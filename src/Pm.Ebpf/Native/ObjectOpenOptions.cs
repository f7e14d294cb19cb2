using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_object_open_opts of libbpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = ObjectOpenOptions.SizeInBytes)]
unsafe struct ObjectOpenOptions
{
    internal const int SizeInBytes = 56;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(8)]
    public byte* Name;

    [FieldOffset(48)]
    public byte* TypesPath;
}
