using System.Runtime.InteropServices;

namespace Pm.Ebpf.Native;

/// <summary>bpf_prog_load_opts of bpf.h, as far as pm says something.</summary>
[StructLayout(LayoutKind.Explicit, Size = ProgramLoadOptions.SizeInBytes)]
struct ProgramLoadOptions
{
    internal const int SizeInBytes = 104;

    [FieldOffset(0)]
    public nuint Size;

    [FieldOffset(12)]
    public int AttachType;

    /// <summary>The descriptor of the types that <see cref="Functions"/> speaks of.</summary>
    [FieldOffset(16)]
    public int Types;

    [FieldOffset(20)]
    public uint Flags;

    [FieldOffset(32)]
    public int TypeId;

    /// <summary>The descriptor of the program that it takes the place of a function in.</summary>
    [FieldOffset(36)]
    public int Program;

    /// <summary>Records of bpf_func_info, <see cref="FunctionCount"/> of <see cref="FunctionSize"/> bytes each.</summary>
    [FieldOffset(56)]
    public nint Functions;

    [FieldOffset(64)]
    public uint FunctionCount;

    [FieldOffset(68)]
    public uint FunctionSize;

    /// <summary>With 1 the verifier writes what it finds to <see cref="Log"/>, which has <see cref="LogSize"/> bytes.</summary>
    [FieldOffset(88)]
    public uint LogLevel;

    [FieldOffset(92)]
    public uint LogSize;

    [FieldOffset(96)]
    public nint Log;
}
