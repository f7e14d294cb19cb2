using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>What this process may do besides what any may. Source: capabilities(7), capget(2).</summary>
/// <param name="Bits">The effective set.</param>
public readonly partial record struct ProcessCapabilities(ulong Bits)
{
    public const int DacReadSearch = 2;
    public const int NetAdmin = 12;
    public const int SystemAdmin = 21;
    public const int PerformanceMonitoring = 38;
    public const int Bpf = 39;

    static readonly (int Number, string Name)[] Names =
    [
        (Bpf, "CAP_BPF"), (PerformanceMonitoring, "CAP_PERFMON"), (NetAdmin, "CAP_NET_ADMIN"), (SystemAdmin, "CAP_SYS_ADMIN"), (DacReadSearch, "CAP_DAC_READ_SEARCH"),
    ];

    /// <summary>Those that count now; none where the kernel does not tell.</summary>
    public static unsafe ProcessCapabilities Current
    {
        get
        {
            // The version and which process (0: this one); then twice, for low and high bits: effective, permitted, inheritable.
            var header = stackalloc uint[] { Version3, 0 };
            var sets = stackalloc uint[6];
            return capget(header, sets) == 0 ? new ProcessCapabilities(sets[0] | ((ulong)sets[3] << 32)) : default;
        }
    }

    /// <summary>_LINUX_CAPABILITY_VERSION_3: two sets of 32 bits each. Source: linux/capability.h.</summary>
    const uint Version3 = 0x20080522;

    public bool Has(int capability) => (Bits & 1ul << capability) != 0;

    /// <summary>Those of them that eBPF asks for, by name; <c>none</c> for none.</summary>
    public override string ToString()
    {
        var bits = Bits;
        var held = Names.Where(n => (bits & 1ul << n.Number) != 0).Select(n => n.Name).ToList();
        return held.Count == 0 ? "none" : string.Join(", ", held);
    }

    [LibraryImport("libc")]
    private static unsafe partial int capget(uint* header, uint* sets);
}
