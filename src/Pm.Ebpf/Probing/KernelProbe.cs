using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;
using Pm.Linux;

namespace Pm.Ebpf.Probing;

/// <summary>What the running kernel can do for eBPF programs. Each question is asked when it is first put, and only then.</summary>
public sealed class KernelProbe
{
    /// <summary>Where the kernel says what types it has.</summary>
    public const string TypesPath = "/sys/kernel/btf/vmlinux";

    readonly Lazy<ProcessCapabilities> _capabilities = new(() => ProcessCapabilities.Current);
    readonly Lazy<BtfFile?> _types = new(() => File.Exists(TypesPath) ? BtfFile.Parse(ReadTypes(), TypesPath) : null);
    readonly Lazy<ModuleTypes?> _modules;
    readonly Lazy<byte[]> _moduleSymbols = new(() => ModuleFiles.Read(ModuleFiles.Symbols));
    readonly Lazy<byte[]> _moduleList = new(() => ModuleFiles.Read(ModuleFiles.All));
    readonly Lazy<bool> _hasTypedTracepoints;
    readonly Lazy<bool> _hasTrampolines;
    readonly Dictionary<string, bool?> _takes = [];
    HelperTrial? _helpers;

    readonly Lazy<byte[]?> _symbols = new(() => KernelSymbols.TryRead());
    readonly Lazy<TraceableFunctions?> _traceable;
    readonly Lazy<UnplacedFileSystem?> _unplacedTracefs = new(() => UnplacedFileSystem.TryOpen("tracefs"));
    readonly Lazy<SecurityFiles> _security = new(SecurityFiles.Open);
    readonly Lazy<KernelConfiguration?> _configuration = new(ConfigurationFile.Read);

    readonly bool _mayMount = true;

    /// <summary>The kernel that runs this.</summary>
    public KernelProbe()
    {
        _modules = new Lazy<ModuleTypes?>(() => Types is { } types ? new ModuleTypes(types, LoadedModules.Read()) : null);
        _traceable = new Lazy<TraceableFunctions?>(() => ReadableTracefs is { } tracefs ? TraceableFunctions.Read(tracefs, () => _symbols.Value) : null);
        _hasTypedTracepoints = new Lazy<bool>(() => ProgramTrial.Loads(TrialKind.TypedTracepoint, this) is true);
        _hasTrampolines = new Lazy<bool>(() => ProgramTrial.Loads(TrialKind.Fentry, this) is true);
    }

    /// <summary>A kernel that answers so, of which nothing is asked and on which nothing is mounted.</summary>
    internal KernelProbe(ProcessCapabilities capabilities, BtfFile? types, bool hasKprobes, bool hasTrampolines, string symbols = "", string securityModules = "", ModuleTypes? modules = null, string moduleSymbols = "")
    {
        _moduleSymbols = new Lazy<byte[]>(Encoding.UTF8.GetBytes(moduleSymbols));
        _modules = new Lazy<ModuleTypes?>(modules);
        _traceable = new Lazy<TraceableFunctions?>(() => null);
        (_mayMount, Tracefs, HasKprobes) = (false, null, hasKprobes);
        _capabilities = new Lazy<ProcessCapabilities>(capabilities);
        _types = new Lazy<BtfFile?>(types);
        _hasTypedTracepoints = new Lazy<bool>(() => true);
        _hasTrampolines = new Lazy<bool>(() => hasTrampolines);
        _symbols = new Lazy<byte[]?>(() => symbols.Length > 0 ? Encoding.UTF8.GetBytes(symbols) : null);
        _unplacedTracefs = new Lazy<UnplacedFileSystem?>(() => null);
        _security = new Lazy<SecurityFiles>(new SecurityFiles(securityModules, ""));
        _configuration = new Lazy<KernelConfiguration?>(() => null);
    }

    /// <summary>Where tracefs belongs.</summary>
    public const string TracefsPath = "/sys/kernel/tracing";

    /// <summary>Where bpffs belongs.</summary>
    public const string BpffsPath = "/sys/fs/bpf";

    public ProcessCapabilities Capabilities => _capabilities.Value;

    /// <summary>May load and attach what traces the kernel. Source: capabilities(7), CAP_BPF.</summary>
    public bool MayTrace => (Capabilities.Has(ProcessCapabilities.SystemAdmin)
        || (Capabilities.Has(ProcessCapabilities.Bpf) && Capabilities.Has(ProcessCapabilities.PerformanceMonitoring))) && UserNamespace.IsFirst;

    /// <summary>What this process may do, for messages.</summary>
    public string CapabilitiesHeld => UserNamespace.IsFirst ? Capabilities.ToString() : $"{Capabilities}, in a user namespace, where they count for nothing";

    /// <summary>The kernel says what types it has.</summary>
    public bool HasTypes => _types.IsValueCreated ? _types.Value is not null : File.Exists(TypesPath);

    /// <summary>The kernel's types, read where they are asked for; null where it does not say them.</summary>
    /// <exception cref="EbpfFormatException">PM8021: they are none that pm can read.</exception>
    public BtfFile? Types => _types.Value;

    /// <summary>The types of the modules that are loaded, each read where it is asked for; null where the kernel does not say its own.</summary>
    public ModuleTypes? Modules => _modules.Value;

    /// <summary>Kernel functions can be traced by breakpoints (CONFIG_KPROBES).</summary>
    public bool HasKprobes { get; } = Directory.Exists("/sys/bus/event_source/devices/kprobe");

    /// <summary>Programs of tracing with types load; false also where this process may not.</summary>
    public bool HasTypedTracepoints => _hasTypedTracepoints.Value;

    /// <summary>Kernel functions can be traced through trampolines (fentry, fexit, lsm).</summary>
    public bool HasTrampolines => _hasTrampolines.Value;

    /// <summary>The security modules that are asked, in their order; null where that is not known.</summary>
    public ImmutableArray<string>? SecurityModules => _security.Value.Modules is { Length: > 0 } modules ? [.. modules.Split(',')] : null;

    /// <summary>How far the kernel is locked: <c>none</c>, <c>integrity</c>, <c>confidentiality</c>; null where that is not known.</summary>
    public string? Lockdown => _security.Value.Lockdown;

    /// <summary>What the kernel was built with; null where this process may not read it.</summary>
    public KernelConfiguration? Configuration => _configuration.Value;

    /// <summary>As libbpf finds it; null where it finds none.</summary>
    public static LinuxVersion? Version => ConfigurationFile.ReadVersion();

    /// <summary>Whether eBPF programs are asked for security decisions: where not, they are attached and never called. Null where that is not known.</summary>
    public bool? AsksForDecisions => SecurityModules?.Contains("bpf");

    /// <summary>Which part of tracefs is there: its path, or null where it is not mounted.</summary>
    public string? Tracefs { get; private set; } = FindTracefs();

    /// <summary>Tracefs is mounted, and this process may not look into it.</summary>
    public bool HidesTracefs => _mayMount && Tracefs is null && IsMounted("tracefs", TracefsPath);

    public static bool HasBpffs => Directory.Exists(BpffsPath) && IsMounted("bpf", BpffsPath);

    /// <summary>It is the kernel that runs this, and no other that is only described.</summary>
    internal bool IsRunning => _mayMount;

    /// <summary>Where tracefs can be read by this process, whether it is mounted or not; null where it cannot.</summary>
    internal string? ReadableTracefs => Tracefs ?? _unplacedTracefs.Value?.Path;

    /// <summary>Mounts tracefs if it is not there.</summary>
    /// <returns>It is there now.</returns>
    public bool TryMountTracefs()
    {
        Tracefs ??= _mayMount && TryMount("tracefs", TracefsPath) ? FindTracefs() : null;
        return Tracefs is not null;
    }

    /// <summary>Mounts bpffs if it is not there.</summary>
    /// <returns>It is there now.</returns>
    public static bool TryMountBpffs() => HasBpffs || (HasMountedBpffs = TryMount("bpf", BpffsPath));

    /// <summary>bpffs was not there until this process mounted it.</summary>
    internal static bool HasMountedBpffs { get; private set; }

    /// <summary>Whether there is such a tracepoint; false also where tracefs is not mounted.</summary>
    public bool HasTracepoint(string category, string name) =>
        ReadableTracefs is { } tracefs && IsPlain(category) && IsPlain(name) && Directory.Exists(Path.Join(tracefs, "events", category, name));

    /// <summary>
    /// Where the last field of a tracepoint ends, in bytes of what a program of it is given; null where that cannot be read.
    /// Source: trace_event_get_offsets of Linux.
    /// </summary>
    public int? TracepointEnd(string category, string name) =>
        ReadableTracefs is { } tracefs && IsPlain(category) && IsPlain(name) ? TracepointFormat.ReadEnd(Path.Join(tracefs, "events", category, name, "format")) : null;

    /// <summary>The tracepoints of a category; none where tracefs is not mounted or there is no such category.</summary>
    public IEnumerable<string> Tracepoints(string category)
    {
        var path = Path.Join(ReadableTracefs, "events", category);
        return ReadableTracefs is not null && IsPlain(category) && Directory.Exists(path) ? Names(path) : [];
    }

    /// <summary>The categories of tracepoints.</summary>
    public IEnumerable<string> TracepointCategories() => ReadableTracefs is null ? [] : Names(Path.Join(ReadableTracefs, "events"));

    /// <summary>All tracepoints, as <c>category/name</c>; null where tracefs cannot be read.</summary>
    public ImmutableSortedSet<string>? AllTracepoints => field ??= ReadableTracefs is null ? null : [.. TracepointCategories().SelectMany(c => Tracepoints(c).Select(n => $"{c}/{n}"))];

    /// <summary>Whether libbpf looks for functions by their names without a flavour, from 1.3 on; true also where it is not there.</summary>
    public static bool TakesFlavours() => !BpfLibrary.TryLoad() || LibBpf.libbpf_minor_version() >= 3;

    /// <summary>A program was to be tried, and libbpf is not installed.</summary>
    public bool LacksLibrary { get; private set; }

    /// <summary>Whether a program of two instructions of that kind (<see cref="TrialKind"/>) is taken; null where this process may load none, or libbpf is not there, or the kernel does not have what the kind is tried with, or the kind is none of those.</summary>
    public bool? Takes(string kind)
    {
        if (!_takes.TryGetValue(kind, out var known))
        {
            _takes[kind] = known = MayTrace && TrialKind.All.FirstOrDefault(k => k.Name == kind) is { } trial && HasLibrary() ? ProgramTrial.Loads(trial, this) : null;
        }

        return known;
    }

    /// <summary>Why a program may not call a helper that the kernel has; null where it may, or where this process may load none, or libbpf is not there.</summary>
    /// <param name="program">Whose kind and place decide it.</param>
    /// <param name="helper">Its number.</param>
    /// <param name="licence">The object's: some are for programs under the GPL.</param>
    public string? HelperFault(ProgramSpec program, int helper, string licence) => MayTrace && HasLibrary() ? (_helpers ??= new HelperTrial(this)).Fault(program, helper, licence) : null;

    /// <summary>The functions of the kernel and its modules that it has types of; none where it has none.</summary>
    public IEnumerable<string> Functions() => (Types?.Types ?? []).Concat((Modules?.All ?? []).SelectMany(m => m.Types.Types)).Where(t => t.Kind is BtfKind.Function).Select(t => t.Name).Distinct();

    /// <summary>Whether the kernel, with the modules that are loaded, has a function of that name, of whatever types; null where it does not say.</summary>
    public bool? HasSymbol(string name) => _symbols.Value is { } symbols ? KernelSymbols.HasFunction(symbols, name) : null;

    /// <summary>The same for all names that a pattern stands for; of functions that can be traced many at once, where the kernel says which these are.</summary>
    public bool? HasSymbolLike(string pattern) => _traceable.Value?.HasLike(pattern) ?? (_symbols.Value is { } symbols ? KernelSymbols.HasFunctionLike(symbols, pattern) : null);

    /// <summary>Where the functions are that a pattern stands for and that can be traced many at once; null where the kernel does not say which these are.</summary>
    internal ulong[]? TraceableLike(string pattern) => TryMountTracefs() ? _traceable.Value?.Like(pattern) : null;

    /// <summary>The module of this kernel that has a function of that name for others and is not loaded; null where none is known.</summary>
    public string? UnloadedModuleWith(string function) => HasSymbol(function) is not true ? ModuleFiles.Find(_moduleSymbols.Value, function) : null;

    /// <summary>Mapped until the process ends, where the kernel has that: reading them takes longer than most of what is done with them.</summary>
    static ReadOnlyMemory<byte> ReadTypes()
    {
        try
        {
            return MappedFile.OpenShown(TypesPath).Memory;
        }
        catch (SystemCallException)
        {
            return File.ReadAllBytes(TypesPath);
        }
    }

    /// <summary>Whether this kernel has a module of that name lying where it is loaded from.</summary>
    public bool MayLoad(string module) => ModuleFiles.Lists(_moduleList.Value, module);

    bool HasLibrary() => !(LacksLibrary |= !BpfLibrary.TryLoad());

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

    static bool IsMounted(string type, string path) =>
        File.Exists("/proc/self/mounts") && File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ') is [_, var place, var mounted, ..] && place == path && mounted == type);
}
