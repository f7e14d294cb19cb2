namespace Pm.Ebpf.Notes;

/// <summary>What bytes or a number stand for beyond their type, so that people need not work it out.</summary>
public enum Reading
{
    /// <summary>An IPv4 or IPv6 address, as packets have it (RFC 791, RFC 8200).</summary>
    Address,

    /// <summary>Below zero an error of the kernel: <c>-2</c> is <c>ENOENT</c> (errno(3)).</summary>
    Error,

    /// <summary>A signal: <c>9</c> is <c>SIGKILL</c> (signal(7)).</summary>
    Signal,

    /// <summary>Nanoseconds since the machine was started, without those that it slept: <c>bpf_ktime_get_ns</c>.</summary>
    Time,

    /// <summary>Several strings one behind the other, each with a NUL behind it: the arguments of a program.</summary>
    Strings,
}
