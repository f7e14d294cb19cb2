using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Holds a loaded eBPF program at many places, or at one of netfilter's, for as long as it is open. Libraries of the time of Linux 6.1 know few of these ways. Source: bpf(2), BPF_LINK_CREATE of linux/bpf.h.</summary>
public static unsafe partial class ProgramLink
{
    const nint Create = 28; // BPF_LINK_CREATE

    /// <summary>What a kernel does not know has to be zero.</summary>
    const int AttributesSize = 64;

    /// <summary>Where what only one way needs begins.</summary>
    const int Details = 16;

    /// <summary>BPF_F_KPROBE_MULTI_RETURN, BPF_F_UPROBE_MULTI_RETURN.</summary>
    const int AtReturn = 1;

    /// <summary>At functions of the kernel, or where they return.</summary>
    /// <param name="program">Its descriptor.</param>
    /// <param name="attachType">BPF_TRACE_KPROBE_MULTI, BPF_TRACE_KPROBE_SESSION.</param>
    /// <param name="addresses">Where they begin, or where the kernel would look in on them.</param>
    /// <param name="isReturn">Where they return.</param>
    /// <exception cref="SystemCallException">EOPNOTSUPP: the kernel cannot do that; EINVAL: one of them may not be traced.</exception>
    public static SafeFileHandle ToFunctions(int program, int attachType, ReadOnlySpan<ulong> addresses, bool isReturn)
    {
        var attributes = stackalloc byte[AttributesSize];
        var fields = Begin(attributes, program, attachType);
        fixed (ulong* first = addresses)
        {
            MemoryMarshal.Write(fields[Details..], isReturn ? AtReturn : 0);
            MemoryMarshal.Write(fields[20..], addresses.Length);
            MemoryMarshal.Write(fields[32..], (long)first);
            return Made(attributes);
        }
    }

    /// <summary>At functions of a program or library, or where they return, in all processes.</summary>
    /// <param name="program">Its descriptor.</param>
    /// <param name="attachType">BPF_TRACE_UPROBE_MULTI, BPF_TRACE_UPROBE_SESSION.</param>
    /// <param name="path">The file.</param>
    /// <param name="offsets">Where they begin in it.</param>
    /// <param name="isReturn">Where they return.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static SafeFileHandle ToFile(int program, int attachType, string path, ReadOnlySpan<ulong> offsets, bool isReturn)
    {
        var attributes = stackalloc byte[AttributesSize];
        var fields = Begin(attributes, program, attachType);
        fixed (ulong* first = offsets)
        fixed (byte* named = FileName.Terminated(path))
        {
            MemoryMarshal.Write(fields[Details..], (long)named);
            MemoryMarshal.Write(fields[24..], (long)first);
            MemoryMarshal.Write(fields[48..], offsets.Length);
            MemoryMarshal.Write(fields[52..], isReturn ? AtReturn : 0);
            return Made(attributes);
        }
    }

    /// <summary>At a place of netfilter, in the network that this process is in.</summary>
    /// <param name="program">Its descriptor.</param>
    /// <param name="attachType">BPF_NETFILTER.</param>
    /// <param name="family">NFPROTO_IPV4, NFPROTO_IPV6.</param>
    /// <param name="place">The number of the place: NF_INET_LOCAL_IN.</param>
    /// <param name="priority">The lowest comes first.</param>
    /// <exception cref="SystemCallException">EBUSY: another program is there with the same priority; EAFNOSUPPORT: the kernel has no such family.</exception>
    public static SafeFileHandle ToNetfilter(int program, int attachType, int family, int place, int priority)
    {
        var attributes = stackalloc byte[AttributesSize];
        var fields = Begin(attributes, program, attachType);
        MemoryMarshal.Write(fields[Details..], family);
        MemoryMarshal.Write(fields[20..], place);
        MemoryMarshal.Write(fields[24..], priority);
        return Made(attributes);
    }

    static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        Architecture.S390x => 351,
        Architecture.Ppc64le => 361,
        _ => 280,
    };

    static Span<byte> Begin(byte* attributes, int program, int attachType)
    {
        var fields = new Span<byte>(attributes, AttributesSize);
        fields.Clear();
        MemoryMarshal.Write(fields, program);
        MemoryMarshal.Write(fields[8..], attachType);
        return fields;
    }

    static SafeFileHandle Made(byte* attributes)
    {
        var descriptor = Call(Number, Create, (nint)attributes, AttributesSize);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw SystemCallException.Last("bpf");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint command, nint attributes, nint size);
}
