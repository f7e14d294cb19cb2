using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Probing;

/// <summary>Finds out by loading a program of two instructions whether the kernel takes its kind: the only answer that is true.</summary>
static unsafe class ProgramTrial
{
    const int SocketFilter = 1;

    /// <summary>Of bpf_func_info, of one function that begins where the program does. Source: linux/bpf.h.</summary>
    const int FunctionInfoSize = 8;

    /// <summary>The number that <see cref="FunctionTypes"/> has for the function.</summary>
    const int FunctionType = 5;

    /// <summary><c>return 0</c>, and <c>return 1</c>, which some kinds have to.</summary>
    static ReadOnlySpan<byte> Zero => [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    static ReadOnlySpan<byte> One => [0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    static ReadOnlySpan<uint> FunctionInfo => [0, FunctionType];

    /// <summary>The types of <c>int f(struct __sk_buff *f)</c>: a head, five types, names. Source: Documentation/bpf/btf.rst of Linux.</summary>
    static ReadOnlySpan<uint> FunctionTypes =>
    [
        0x0001eb9f, 24, 0, 72, 72, 20,
        1, 1 << 24, 4, (1 << 24) | 32, // 1: int, signed, of 32 bits
        7, 4 << 24, 0, // 2: struct __sk_buff, without members
        0, 2 << 24, 2, // 3: a pointer to it
        0, (13 << 24) | 1, 1, 5, 3, // 4: what takes one, called `f`, and gives an int
        5, (12 << 24) | 1, 4, // 5: the function, for others to see
        0x746e6900, 0x5f006600, 0x5f6b735f, 0x66667562, 0, // "\0int\0f\0__sk_buff"
    ];

    /// <summary>Whether a program of that kind is taken; null where the kernel does not have what it is tried with; false also where this process may load none.</summary>
    /// <param name="kind">What is tried.</param>
    /// <param name="kernel">Says where among the kernel's types it is what the program is for: libbpf, asked for that, reads them all anew each time.</param>
    public static bool? Loads(TrialKind kind, KernelProbe kernel)
    {
        BpfLibrary.Require();
        if (kind.Type == TrialKind.ExtensionType)
        {
            return Replaces();
        }

        var target = kind.TargetType is var (of, name) ? kernel.Types?.Find(of, name) : null;
        var options = new ProgramLoadOptions { AttachType = kind.AttachType, TypeId = target?.Id ?? 0, Flags = kind.Flags };
        if (kind.Member is { } member)
        {
            options.AttachType = IndexOf(target, member);
            if (options.AttachType < 0)
            {
                return null;
            }
        }

        return Loads(kind.Type, Zero, options) || Loads(kind.Type, One, options);
    }

    static int IndexOf(BtfType? composite, string member) => composite?.Members is { } members ? members.Select(m => m.Name).ToList().IndexOf(member) : -1;

    static bool Loads(int type, ReadOnlySpan<byte> instructions, ProgramLoadOptions options)
    {
        using var loaded = Load(type, instructions, options);
        return !loaded.IsInvalid;
    }

    static SafeFileHandle Load(int type, ReadOnlySpan<byte> instructions, ProgramLoadOptions options) => Load(type, instructions, options, "GPL\0"u8);

    /// <param name="type">Source: bpf_prog_type of Linux.</param>
    /// <param name="instructions">Of 8 bytes each.</param>
    /// <param name="options">What else the kernel is told.</param>
    /// <param name="licence">Ends with a zero.</param>
    /// <returns>Invalid where the kernel refused.</returns>
    internal static SafeFileHandle Load(int type, ReadOnlySpan<byte> instructions, ProgramLoadOptions options, ReadOnlySpan<byte> licence)
    {
        options.Size = ProgramLoadOptions.SizeInBytes;
        fixed (byte* named = licence, program = "pm_trial\0"u8, code = instructions)
        {
            var descriptor = LibBpf.bpf_prog_load(type, program, named, code, (nuint)(instructions.Length / 8), &options);
            LibBpfLog.Take();
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    /// <summary>Whether one program may take the place of another's function, of the same types.</summary>
    static bool Replaces()
    {
        fixed (byte* types = MemoryMarshal.AsBytes(FunctionTypes))
        {
            using var known = new SafeFileHandle(LibBpf.bpf_btf_load(types, (nuint)(FunctionTypes.Length * sizeof(uint)), 0), ownsHandle: true);
            LibBpfLog.Take();
            if (known.IsInvalid)
            {
                return false;
            }

            fixed (uint* info = FunctionInfo)
            {
                var options = new ProgramLoadOptions { Types = (int)known.DangerousGetHandle(), Functions = (nint)info, FunctionCount = 1, FunctionSize = FunctionInfoSize };
                using var replaced = Load(SocketFilter, Zero, options);
                return !replaced.IsInvalid && Loads(TrialKind.ExtensionType, Zero, options with { Program = (int)replaced.DangerousGetHandle(), TypeId = FunctionType });
            }
        }
    }
}
