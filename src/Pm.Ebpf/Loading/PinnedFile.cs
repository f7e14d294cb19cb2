using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;

namespace Pm.Ebpf.Loading;

/// <summary>What somebody gave a name in bpffs.</summary>
static unsafe class PinnedFile
{
    /// <exception cref="LibBpfException">ENOENT: there is none; EPERM: it is none, or this process may not open it.</exception>
    public static SafeFileHandle Open(string path)
    {
        fixed (byte* terminated = BpfObject.Terminated(path))
        {
            return new SafeFileHandle(BpfObject.Check("bpf_obj_get", LibBpf.bpf_obj_get(terminated)), ownsHandle: true);
        }
    }

    public static bool IsProgram(SafeFileHandle opened) => Is(opened, "bpf-prog", "bpf_prog");

    public static bool IsMap(SafeFileHandle opened) => Is(opened, "bpf-map", "bpf_map");

    public static bool IsLink(SafeFileHandle opened) => Is(opened, "bpf-link", "bpf_link");

    /// <summary>As the kernel calls it. Source: proc(5), kernel/bpf/syscall.c of Linux.</summary>
    static bool Is(SafeFileHandle opened, params ReadOnlySpan<string> names)
    {
        var kind = new FileInfo($"/proc/self/fd/{opened.DangerousGetHandle()}").LinkTarget ?? "";
        foreach (var name in names)
        {
            if (kind.Contains(name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
