using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>A program that somebody else loaded.</summary>
static unsafe class OtherProgram
{
    /// <exception cref="LibBpfException">ENOENT: there is none; EINVAL: what is there is no program, nor holds one.</exception>
    public static SafeFileHandle Open(ReplacedFunction function) =>
        function.IsNumber ? OfNumber(uint.TryParse(function.Program, CultureInfo.InvariantCulture, out var number) ? number : 0) : OfPath(function.Program);

    static SafeFileHandle OfPath(string path)
    {
        var pinned = PinnedFile.Open(path);
        if (PinnedFile.IsProgram(pinned))
        {
            return pinned;
        }

        using (pinned)
        {
            if (!PinnedFile.IsLink(pinned))
            {
                throw new LibBpfException("bpf_obj_get", Errno.EINVAL, "");
            }

            // struct bpf_link_info: type, id, prog_id. Source: linux/bpf.h.
            var info = stackalloc uint[3];
            uint size = 3 * sizeof(uint);
            BpfObject.Check("bpf_obj_get_info_by_fd", LibBpf.bpf_obj_get_info_by_fd((int)pinned.DangerousGetHandle(), info, &size));
            return OfNumber(info[2]);
        }
    }

    static SafeFileHandle OfNumber(uint number) => new(BpfObject.Check("bpf_prog_get_fd_by_id", LibBpf.bpf_prog_get_fd_by_id(number)), ownsHandle: true);
}
