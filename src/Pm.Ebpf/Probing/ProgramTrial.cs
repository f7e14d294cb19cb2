using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Probing;

/// <summary>Finds out by loading a program of two instructions whether the kernel takes its kind: the only answer that is true.</summary>
static unsafe class ProgramTrial
{
    /// <summary><c>return 0</c>, and <c>return 1</c>, which some kinds have to.</summary>
    static ReadOnlySpan<byte> Zero => [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    static ReadOnlySpan<byte> One => [0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether a program of that kind is taken; false also where this process may load none.</summary>
    public static bool Loads(TrialKind kind) => Loads(kind, Zero) || Loads(kind, One);

    static bool Loads(TrialKind kind, ReadOnlySpan<byte> instructions)
    {
        BpfLibrary.Require();
        fixed (byte* name = BpfObject.Terminated(kind.Target ?? ""), licence = "GPL\0"u8, program = "pm_trial\0"u8, code = instructions)
        {
            var type = kind.Target is null ? 0 : LibBpf.libbpf_find_vmlinux_btf_id(name, kind.AttachType);
            var options = new ProgramLoadOptions { Size = ProgramLoadOptions.SizeInBytes, AttachType = kind.AttachType, TypeId = Math.Max(type, 0), Flags = kind.Flags };
            var descriptor = LibBpf.bpf_prog_load(kind.Type, program, licence, code, (nuint)(instructions.Length / 8), &options);
            LibBpfLog.Take();
            using var loaded = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
            return descriptor >= 0;
        }
    }
}
