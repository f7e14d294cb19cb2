using System.Globalization;
using Pm.Cli.Ebpf;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Pinning;
using Pm.Ebpf.Probing;
using Pm.Linux;

namespace Pm.Cli.Checks;

/// <summary>What <c>pm doctor --ebpf</c> looks at: what this machine has for eBPF programs, each kind of which is tried.</summary>
sealed class KernelChecks
{
    readonly PmContext _context;
    readonly KernelProbe _probe = new();

    public KernelChecks(PmContext context) => (_context, Kernel) = (context, KernelSurvey.Describe(_probe, TypesDigest.TryOf));

    /// <summary>What is known of the kernel, for a comparison elsewhere.</summary>
    public KernelDescription Kernel { get; }

    public List<(string Name, Finding Finding)> Look() =>
    [
        ("kernel", Finding.Good($"{Kernel.Release} on {Kernel.Machine}")),
        ("types", Types()),
        ("lockdown", Lockdown()),
        ("security modules", SecurityModules()),
        ("capabilities", Capabilities()),
        ("tracefs", Tracefs(_probe.Tracefs, _probe.HidesTracefs, _probe.Capabilities)),
        ("bpffs", KernelProbe.HasBpffs ? Finding.Good(KernelProbe.BpffsPath)
            : new Finding(CheckState.Warning, "not mounted; `pm run` mounts it where it may", $"`sudo mount -t bpf bpf {KernelProbe.BpffsPath}`")),
        ("libbpf", MachineChecks.Library("libbpf.so.1", "libbpf1")),
        ("clang", Optional("clang", "clang", "compiling eBPF programs")),
        ("llvm-strip", Optional("llvm-strip", "llvm", "compiling eBPF programs")),
        ("headers", File.Exists("/usr/include/bpf/bpf_helpers.h") ? Finding.Good("/usr/include/bpf")
            : new Finding(CheckState.Warning, "no /usr/include/bpf/bpf_helpers.h; most sources of eBPF programs include it", "apt-get install libbpf-dev")),
        ("kprobes", Source("kprobe", "kernel functions cannot be traced by breakpoints (CONFIG_KPROBES): kprobe, ksyscall")),
        ("uprobes", Source("uprobe", "functions of programs cannot be traced (CONFIG_UPROBES): uprobe, usdt")),
        ("hardware counters", Counters()),
        ("traffic control", TrafficControl()),
        .. TrialKind.All.Select(kind => ($"program {kind.Name}", Program(kind))),
    ];

    /// <summary>One that is mounted and shut is not mounted once more: that would not open it.</summary>
    internal static Finding Tracefs(string? path, bool isHidden, ProcessCapabilities capabilities) => path is not null ? Finding.Good(path)
        : isHidden ? new Finding(CheckState.Warning, $"mounted, and may not be read: that needs CAP_DAC_READ_SEARCH (have: {capabilities})", "`sudo pm doctor --ebpf`")
        : new Finding(CheckState.Warning, "not mounted; `pm run` mounts it where it may", $"`sudo mount -t tracefs tracefs {KernelProbe.TracefsPath}`");

    Finding Types() => Kernel.TypesDigest is "" ? new Finding(CheckState.Problem, "the kernel does not say what types it has (CONFIG_DEBUG_INFO_BTF)", "`pm run --btf FILE …` takes them from a file")
        : _probe.Types is { } types ? Finding.Good($"{types.Count - 1} types{(Kernel.Modules.IsEmpty ? "" : $", and those of {Kernel.Modules.Length} modules")}")
        : new Finding(CheckState.Problem, $"{KernelProbe.TypesPath} cannot be read");

    Finding Lockdown() => Kernel.Lockdown is "confidentiality"
        ? new Finding(CheckState.Warning, "confidentiality: programs may not read the kernel's memory", "boot with `lockdown=integrity`, or none")
        : Finding.Good(Kernel.Lockdown ?? "not known: there is no securityfs, or it may not be read");

    Finding SecurityModules() => Kernel.SecurityModules is not { } modules ? Finding.Good("not known: there is no securityfs, or it may not be read")
        : modules.Contains("bpf") ? Finding.Good(string.Join(", ", modules))
        : new Finding(CheckState.Warning, $"{string.Join(", ", modules)}: no eBPF program is asked for security decisions", $"boot with `lsm={string.Join(',', modules)},bpf`");

    Finding Capabilities() => _probe.MayTrace ? Finding.Good(_probe.Capabilities.ToString())
        : new Finding(CheckState.Problem, $"eBPF needs root or CAP_BPF and CAP_PERFMON (have: {_probe.CapabilitiesHeld}); no program was tried", "`sudo pm doctor --ebpf`");

    Finding Optional(string name, string package, string purpose) =>
        MachineChecks.Program(_context, name, package, purpose) is { State: CheckState.Problem } missing ? missing with { State = CheckState.Warning } : MachineChecks.Program(_context, name, package, purpose);

    Finding Source(string name, string missing) => Kernel.EventSources is not { } sources ? new Finding(CheckState.Warning, "not known: sysfs is not mounted")
        : sources.Contains(name) ? Finding.Good("yes") : new Finding(CheckState.Warning, missing);

    /// <summary>Each kind of processor calls its own otherwise.</summary>
    Finding Counters() => Kernel.EventSources?.Where(s => s == "cpu" || s.StartsWith("cpu_", StringComparison.Ordinal) || s.StartsWith("armv", StringComparison.Ordinal)).ToList() is { Count: > 0 } found
        ? Finding.Good(string.Join(", ", found))
        : new Finding(CheckState.Warning, "none; software clocks serve");

    /// <summary>Links go with who has them. Filters stay until somebody takes them away.</summary>
    Finding TrafficControl()
    {
        try
        {
            if (PinnedObject.CountLeft() is > 0 and var left)
            {
                return new Finding(CheckState.Warning, string.Create(CultureInfo.InvariantCulture, $"{left} of a pm that was killed may be at their hooks still"), "the next `pm run` of such a program takes them away, or `sudo pm stop --all`");
            }

            if (LeftFilter.Find() is { Count: > 0 } all)
            {
                return new Finding(CheckState.Warning, $"filters of a pm that has gone: {string.Join(", ", all.Select(f => $"{f.Where} `{f.Name}`"))}", $"`{string.Join("; ", all.Select(f => $"sudo {f.Command}"))}`");
            }
        }
        catch (Exception e) when (e is BpfException or SystemCallException)
        {
            return new Finding(CheckState.Warning, $"what was left by a pm that was killed is not known: {e.Message}", "`sudo pm doctor --ebpf`");
        }

        return new KernelFacts(_probe.Types, Kernel).HasTrafficControlLinks switch
        {
            true => Finding.Good("links"),
            false => Finding.Good("no links (Linux 6.6); filters serve, which stay when pm is killed, until the next one"),
            null => Finding.Good("not known: the kernel does not say what types it has"),
        };
    }

    Finding Program(TrialKind kind) => _probe.Takes(kind.Name) switch
    {
        true => Finding.Good("loads"),
        false => new Finding(CheckState.Warning, kind.Name is "fentry" or "fexit" or "fmod_ret" or "lsm" or "lsm_cgroup" or "freplace" && _probe.HasTypedTracepoints
            ? "refused: this kernel has trampolines disabled" : "refused"),
        null => new Finding(CheckState.Warning, "not tried"),
    };
}
