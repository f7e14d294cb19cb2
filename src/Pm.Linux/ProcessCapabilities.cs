using System.Globalization;

namespace Pm.Linux;

/// <summary>What this process may do besides what any may. Source: capabilities(7).</summary>
/// <param name="Bits">The effective set.</param>
public readonly record struct ProcessCapabilities(ulong Bits)
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
    public static ProcessCapabilities Current => Parse(File.Exists(Status) ? File.ReadAllLines(Status) : []);

    const string Status = "/proc/self/status";

    public bool Has(int capability) => (Bits & 1ul << capability) != 0;

    /// <summary>Reads the lines of <c>/proc/PID/status</c>.</summary>
    public static ProcessCapabilities Parse(IEnumerable<string> status)
    {
        const string key = "CapEff:";
        var line = status.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return new ProcessCapabilities(line is not null && ulong.TryParse(line.AsSpan(key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : 0);
    }

    /// <summary>Those of them that eBPF asks for, by name; <c>none</c> for none.</summary>
    public override string ToString()
    {
        var bits = Bits;
        var held = Names.Where(n => (bits & 1ul << n.Number) != 0).Select(n => n.Name).ToList();
        return held.Count == 0 ? "none" : string.Join(", ", held);
    }
}
