using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Probing;

/// <summary>Finds out by loading a program of two instructions whether the kernel takes its kind: the only answer that is true.</summary>
static unsafe class ProgramTrial
{
    /// <summary>A kind of attaching. Source: bpf_attach_type of Linux.</summary>
    public const int TypedTracepoint = 23;
    public const int Fentry = 24;

    const int Tracing = 26;

    /// <summary><c>return 0</c>.</summary>
    static ReadOnlySpan<byte> Code => [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether a tracing program for <paramref name="target"/> is taken; false also where this process may load none.</summary>
    public static bool Loads(int attachType, string target)
    {
        BpfLibrary.Require();
        fixed (byte* name = BpfObject.Terminated(target), licence = "GPL\0"u8, program = "pm_trial\0"u8, code = Code)
        {
            var type = LibBpf.libbpf_find_vmlinux_btf_id(name, attachType);
            var options = new ProgramLoadOptions { Size = ProgramLoadOptions.SizeInBytes, AttachType = attachType, TypeId = Math.Max(type, 0) };
            var descriptor = LibBpf.bpf_prog_load(Tracing, program, licence, code, (nuint)(Code.Length / 8), &options);
            LibBpfLog.Take();
            using var loaded = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
            return descriptor >= 0;
        }
    }
}
