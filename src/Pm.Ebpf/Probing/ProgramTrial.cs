using Pm.Ebpf.Native;

namespace Pm.Ebpf.Probing;

/// <summary>Finds out by loading a program of two instructions whether the kernel takes its kind: the only answer that is true.</summary>
static unsafe class ProgramTrial
{
    /// <summary><c>return 0</c>, and <c>return 1</c>, which some kinds have to.</summary>
    static ReadOnlySpan<byte> Zero => [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    static ReadOnlySpan<byte> One => [0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether a program of that kind is taken; false also where this process may load none.</summary>
    /// <param name="kind">What is tried.</param>
    /// <param name="kernel">Says where among the kernel's types it is what the program is for: libbpf, asked for that, reads them all anew each time.</param>
    public static bool Loads(TrialKind kind, KernelProbe kernel)
    {
        var type = kind.TargetType is var (of, name) ? kernel.Types?.Find(of, name)?.Id ?? 0 : 0;
        return Loads(kind, type, Zero) || Loads(kind, type, One);
    }

    static bool Loads(TrialKind kind, int type, ReadOnlySpan<byte> instructions)
    {
        BpfLibrary.Require();
        fixed (byte* licence = "GPL\0"u8, program = "pm_trial\0"u8, code = instructions)
        {
            var options = new ProgramLoadOptions { Size = ProgramLoadOptions.SizeInBytes, AttachType = kind.AttachType, TypeId = type, Flags = kind.Flags };
            var descriptor = LibBpf.bpf_prog_load(kind.Type, program, licence, code, (nuint)(instructions.Length / 8), &options);
            LibBpfLog.Take();
            using var loaded = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
            return descriptor >= 0;
        }
    }
}
