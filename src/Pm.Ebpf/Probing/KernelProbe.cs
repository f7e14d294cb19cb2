using Pm.Ebpf.Btf;
using Pm.Linux;

namespace Pm.Ebpf.Probing;

/// <summary>What the running kernel can do for eBPF programs. Each question is asked when it is first put, and only then.</summary>
public sealed class KernelProbe
{
    /// <summary>Where the kernel says what types it has.</summary>
    public const string TypesPath = "/sys/kernel/btf/vmlinux";

    readonly Lazy<ProcessCapabilities> _capabilities = new(() => ProcessCapabilities.Current);
    readonly Lazy<BtfFile?> _types = new(() => File.Exists(TypesPath) ? BtfFile.Parse(File.ReadAllBytes(TypesPath), TypesPath) : null);
    readonly Lazy<bool> _hasTypedTracepoints = new(() => ProgramTrial.Loads(TrialKind.TypedTracepoint));
    readonly Lazy<bool> _hasTrampolines = new(() => ProgramTrial.Loads(TrialKind.Fentry));

    readonly bool _mayMount = true;

    /// <summary>The kernel that runs this.</summary>
    public KernelProbe()
    {
    }

    /// <summary>A kernel that answers so, of which nothing is asked and on which nothing is mounted.</summary>
    internal KernelProbe(ProcessCapabilities capabilities, BtfFile? types, bool hasKprobes, bool hasTrampolines)
    {
        (_mayMount, Tracefs, HasKprobes) = (false, null, hasKprobes);
        _capabilities = new Lazy<ProcessCapabilities>(capabilities);
        _types = new Lazy<BtfFile?>(types);
        _hasTypedTracepoints = new Lazy<bool>(() => true);
        _hasTrampolines = new Lazy<bool>(() => hasTrampolines);
    }

    /// <summary>Where tracefs belongs.</summary>
    public const string TracefsPath = "/sys/kernel/tracing";

    /// <summary>Where bpffs belongs.</summary>
    public const string BpffsPath = "/sys/fs/bpf";

    public ProcessCapabilities Capabilities => _capabilities.Value;

    /// <summary>May load and attach what traces the kernel. Source: capabilities(7), CAP_BPF.</summary>
    public bool MayTrace => Capabilities.Has(ProcessCapabilities.SystemAdmin)
        || (Capabilities.Has(ProcessCapabilities.Bpf) && Capabilities.Has(ProcessCapabilities.PerformanceMonitoring));

    /// <summary>The kernel says what types it has.</summary>
    public bool HasTypes => _types.IsValueCreated ? _types.Value is not null : File.Exists(TypesPath);

    /// <summary>The kernel's types, read where they are asked for; null where it does not say them.</summary>
    /// <exception cref="EbpfFormatException">PM8021: they are none that pm can read.</exception>
    public BtfFile? Types => _types.Value;

    /// <summary>Kernel functions can be traced by breakpoints (CONFIG_KPROBES).</summary>
    public bool HasKprobes { get; } = Directory.Exists("/sys/bus/event_source/devices/kprobe");

    /// <summary>Programs of tracing with types load; false also where this process may not.</summary>
    public bool HasTypedTracepoints => _hasTypedTracepoints.Value;

    /// <summary>Kernel functions can be traced through trampolines (fentry, fexit, lsm).</summary>
    public bool HasTrampolines => _hasTrampolines.Value;

    /// <summary>The security modules that are asked, in their order; empty where securityfs is not mounted.</summary>
    public static string SecurityModules => ReadLine("/sys/kernel/security/lsm");

    /// <summary>Which part of tracefs is there: its path, or null where it is not mounted.</summary>
    public string? Tracefs { get; private set; } = FindTracefs();

    public static bool HasBpffs => Directory.Exists(BpffsPath) && IsMounted("bpf");

    /// <summary>Mounts tracefs if it is not there.</summary>
    /// <returns>It is there now.</returns>
    public bool TryMountTracefs()
    {
        Tracefs ??= _mayMount && TryMount("tracefs", TracefsPath) ? FindTracefs() : null;
        return Tracefs is not null;
    }

    /// <summary>Mounts bpffs if it is not there.</summary>
    /// <returns>It is there now.</returns>
    public static bool TryMountBpffs() => HasBpffs || TryMount("bpf", BpffsPath);

    /// <summary>The tracepoints of a category; none where tracefs is not mounted or there is no such category.</summary>
    public IEnumerable<string> Tracepoints(string category)
    {
        var path = Path.Join(Tracefs, "events", category);
        return Tracefs is not null && IsPlain(category) && Directory.Exists(path) ? Names(path) : [];
    }

    /// <summary>The categories of tracepoints.</summary>
    public IEnumerable<string> TracepointCategories() => Tracefs is null ? [] : Names(Path.Join(Tracefs, "events"));

    /// <summary>The kernel's functions that it has types of; none where it has none.</summary>
    public IEnumerable<string> Functions() => Types?.Types.Where(t => t.Kind is BtfKind.Function).Select(t => t.Name) ?? [];

    static IEnumerable<string> Names(string path) => Directory.EnumerateDirectories(path).Select(d => Path.GetFileName(d));

    static bool IsPlain(string name) => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) && name is not ("." or "..");

    static string? FindTracefs() => new[] { TracefsPath, "/sys/kernel/debug/tracing" }.FirstOrDefault(path => CanList(Path.Join(path, "events")));

    static bool CanList(string path)
    {
        try
        {
            return Directory.Exists(path);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    static bool TryMount(string type, string path)
    {
        try
        {
            FileSystemMount.Mount(type, path);
            return true;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }

    static bool IsMounted(string type) =>
        File.Exists("/proc/self/mounts") && File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ') is [_, BpffsPath, var mounted, ..] && mounted == type);

    static string ReadLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() ?? "" : "";
}
