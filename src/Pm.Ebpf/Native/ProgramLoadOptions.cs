using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_prog_load_opts of bpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = ProgramLoadOptions.SizeInBytes)]
struct ProgramLoadOptions
{
    internal const int SizeInBytes = 48;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(12)]
    public int AttachType;

    [FieldOffset(20)]
    public uint Flags;

    [FieldOffset(32)]
    public int TypeId;
}
